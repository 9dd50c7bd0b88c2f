package dev.recado.transport.amqp;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.PullPort;
import dev.recado.broker.ReplyPort;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.Conversation;
import dev.recado.transport.Pauses;
import dev.recado.transport.TopicCache;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.ChannelMethods;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerMethods;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One channel of a connection: its methods in order, what it publishes, and what its consumers are given. Owned by its
 * connection's loop.
 */
final class AmqpChannel extends Conversation {

    final AmqpSession session;
    final int number;
    final Link link;
    /** Those of its virtual host. */
    final TopicCache topics;

    final AmqpFrameReader frame = new AmqpFrameReader();
    final Arguments arguments = new Arguments();
    private final ChannelTransactions transactions;
    private final ChannelPublishes publishing;
    private final ChannelConsumers consuming;
    private final ChannelQueues queues;
    private final ChannelExchanges exchanges;
    private final boolean entered;
    private boolean closing;
    private int answersOpen;
    private boolean closed;

    AmqpChannel(AmqpSession session, int number) {
        super(session.conversations);
        this.session = session;
        this.number = number;
        ConnectionCommands connection = session.connection();
        link = session.environment
                .broker()
                .open(this, Patience.WAIT, connection.info(), connection.identity(), connection.party());
        entered = link.enter(connection.virtualHost()) == null;
        topics = session.environment.topics().of(link.catalog(), link.namespace());
        publishing = new ChannelPublishes(this);
        consuming = new ChannelConsumers(this);
        transactions = new ChannelTransactions(link, new InTransactions());
        queues = new ChannelQueues(this);
        exchanges = new ChannelExchanges(this);
    }

    // --- from the broker

    @Override
    public PublishPort publishes() {
        return publishing;
    }

    @Override
    public DeliveryPort deliveries() {
        return consuming;
    }

    @Override
    public ReplyPort replies() {
        return consuming.replies;
    }

    @Override
    public PullPort pulls() {
        return consuming.gets();
    }

    @Override
    public void onShortage(@Nullable Refusal shortage) {
        session.connection().onShortage(shortage);
    }

    @Override
    public void onClosedByBroker(Refusal refusal) {
        String reason = refusal.code() == ErrorCode.NOT_FOUND
                ? "vhost '" + session.connection().virtualHost() + "' is deleted"
                : refusal.detail();
        session.fail(AmqpError.of(
                ReplyCode.CONNECTION_FORCED, "broker forced connection closure with reason '" + reason + "'", null));
    }

    // --- methods

    @Override
    protected void perform(byte[] bytes, int from, int length) {
        frame.read(bytes, from, from + length, Integer.MAX_VALUE);
        if (frame.type() != AmqpFrameReader.METHOD) {
            session.fail(AmqpError.of(
                    ReplyCode.UNEXPECTED_FRAME, "expected method frame, got non method frame instead", null));
            return;
        }
        int key = arguments.open(bytes, frame.payloadStart(), frame.payloadLength());
        MethodId method = MethodId.of(key);
        if (method == null || !method.isFromClient()) {
            session.fail(AmqpError.notImplemented(
                    "unknown method, class=" + (key >>> 16) + " method=" + (key & 0xFFFF), MethodId.CHANNEL_OPEN));
            return;
        }
        switch (method.classId()) {
            case CHANNEL -> perform(method);
            case EXCHANGE -> exchanges.perform(method);
            case QUEUE -> queues.perform(method);
            case BASIC -> {
                if (method == MethodId.BASIC_PUBLISH) {
                    publishing.publish(bytes, frame.end(), from + length);
                } else {
                    consuming.perform(method);
                }
            }
            case CONFIRM -> publishing.select(method);
            case TX -> transactions.perform(method);
            case ACCESS -> onAccess(method);
            case CONNECTION -> session.fail(AmqpError.of(ReplyCode.COMMAND_INVALID, "unimplemented method", method));
            default -> fail(AmqpError.notImplemented(method.wireName(), method));
        }
    }

    private static final int CONNECTION = 10;
    private static final int CHANNEL = 20;
    private static final int ACCESS = 30;
    private static final int EXCHANGE = 40;
    private static final int QUEUE = 50;
    private static final int BASIC = 60;
    private static final int CONFIRM = 85;
    private static final int TX = 90;

    private void onAccess(MethodId method) {
        if (read(ChannelMethods.AccessRequest.read(arguments), method) != null) {
            ServerMethods.putAccessRequestOk(session.out, number);
        }
    }

    private void perform(MethodId method) {
        switch (method) {
            case CHANNEL_CLOSE -> onClose();
            case CHANNEL_FLOW -> {
                ChannelMethods.Flow flow = read(ChannelMethods.Flow.read(arguments), method);
                if (flow == null) {
                    return;
                }
                if (flow.active()) {
                    ServerMethods.putFlow(session.out, number, MethodId.CHANNEL_FLOW_OK, true);
                } else {
                    fail(AmqpError.notImplemented("active=false", method));
                }
            }
            case CHANNEL_FLOW_OK -> {}
            case CHANNEL_OPEN -> session.channels.openedTwice(method);
            default -> session.fail(AmqpError.of(ReplyCode.COMMAND_INVALID, "unimplemented method", method));
        }
    }

    /** The client closes it, and hears so once a queue that ends with its last consumer has ended. */
    private void onClose() {
        Future<?> left = leaveMortal();
        if (left.isComplete()) {
            agreeToClose();
        } else {
            await(left, done -> agreeToClose(), refusal -> agreeToClose());
        }
    }

    private void agreeToClose() {
        tellConfirms();
        ServerMethods.putBare(session.out, number, MethodId.CHANNEL_CLOSE_OK);
        session.channels.closed(number);
        close();
        session.flushSoon();
    }

    /** See {@link ChannelConsumers#leaveMortal}. */
    Future<?> leaveMortal() {
        return closing || closed ? Future.succeededFuture() : consuming.leaveMortal();
    }

    /** What was read of a method's arguments; where they are malformed the connection ends. */
    <T> @Nullable T read(@Nullable T arguments, MethodId method) {
        if (arguments == null) {
            session.fail(AmqpError.of(ReplyCode.SYNTAX_ERROR, this.arguments.problem(), method));
        }
        return arguments;
    }

    /** Performs nothing behind until {@code answer} is there; where that is a refusal the channel ends. */
    <T> void await(Future<T> answer, MethodId method, Consumer<T> then) {
        await(answer, then, refusal -> fail(AmqpError.of(refusal, method)));
    }

    /** What came behind waits until it is answered, and until is answered what {@code then} asks for in turn. */
    <T> void await(Future<T> answer, Consumer<T> then, Consumer<Refusal> otherwise) {
        answersOpen++;
        pause(Pauses.Reason.ANSWER);
        answer.onComplete(result -> {
            if (!closing && !closed) {
                if (result.succeeded()) {
                    then.accept(result.result());
                } else {
                    otherwise.accept(BrokerException.refusal(result.cause()));
                }
            }
            if (--answersOpen == 0) {
                lift(Pauses.Reason.ANSWER);
            }
            link.markDirty();
        });
    }

    Catalog catalog() {
        return link.catalog();
    }

    /** The name in the virtual host of the connection. */
    TopicName name(String name) {
        return new TopicName(session.connection().virtualHost(), name);
    }

    /** As messages to clients end. */
    String inVirtualHost(String what, String name) {
        return what + " '" + name + "' in vhost '" + session.connection().virtualHost() + "'";
    }

    /** Why nothing comes from a queue. */
    AmqpError notJoined(Topic queue, Refusal refusal, MethodId method) {
        String named = inVirtualHost("queue", queue.name().name());
        return refusal.code() == ErrorCode.IN_USE
                ? AmqpError.exclusiveUse(named, method)
                : queues.refused(queue, refusal, method);
    }

    /** Whether it works in the virtual host of the connection, which was there when that was opened. */
    boolean hasEntered() {
        return entered;
    }

    ChannelTransactions transactions() {
        return transactions;
    }

    DirectReplies directReplies() {
        return consuming.replies;
    }

    ChannelQueues queues() {
        return queues;
    }

    // --- output and the end

    /** Has the client hear of its consumers whose queue is gone. */
    void tellEnded() {
        consuming.tellEnded();
    }

    /** Writes what is known of publishes. */
    void tellConfirms() {
        publishing.tellConfirms();
    }

    /** Whether nothing more is said of it. */
    boolean isOver() {
        return closing || closed;
    }

    /** Whether the client was told that the channel ends, and has not agreed. */
    boolean isClosing() {
        return closing;
    }

    /** The channel ends, or the whole connection. */
    void fail(AmqpError error) {
        if (error.endsConnection()) {
            session.fail(error);
        } else if (!closing && !closed) {
            tellConfirms();
            closing = true;
            ServerMethods.putClose(session.out, number, error.code(), error.text(), error.culprit());
            session.reader.forget(number);
            release();
            session.flushSoon();
        }
    }

    /** It is over: what it holds returns. Idempotent. */
    void close() {
        if (!closed) {
            closed = true;
            if (!closing) {
                release();
            }
        }
    }

    private void release() {
        end();
        consuming.close();
        publishing.close();
        link.close();
    }

    /** What its transactions have it do. */
    private final class InTransactions implements ChannelTransactions.Face {

        @Override
        public boolean confirms() {
            return publishing.confirms();
        }

        @Override
        public void giveBack(byte[] head, byte[] body) {
            publishing.giveBack(head, body);
        }

        @Override
        public Future<Void> allReturned() {
            return publishing.allReturned();
        }

        @Override
        public void onCommitted(Collection<Long> tags) {
            consuming.onCommitted(tags);
        }

        @Override
        public void await(Future<Void> answer, Runnable then, Runnable otherwise) {
            AmqpChannel.this.await(answer, done -> then.run(), refusal -> otherwise.run());
        }

        @Override
        public void answer(MethodId method) {
            ServerMethods.putBare(session.out, number, method);
            session.flushSoon();
        }

        @Override
        public void fail(AmqpError error) {
            AmqpChannel.this.fail(error);
        }
    }
}
