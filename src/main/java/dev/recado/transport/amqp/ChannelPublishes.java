package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.PublishPort;
import dev.recado.core.message.Draft;
import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.Topic;
import dev.recado.transport.Tickets;
import dev.recado.transport.TopicCache;
import dev.recado.transport.amqp.wire.Address;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.BasicPublish;
import dev.recado.transport.amqp.wire.BodyFrames;
import dev.recado.transport.amqp.wire.ChannelMethods;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerBasic;
import dev.recado.transport.amqp.wire.ServerMethods;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code basic.publish} and {@code confirm.select}. One channel's, one owner. */
final class ChannelPublishes implements PublishPort, PublishConfirms.Answers {

    private final AmqpChannel channel;
    private final AmqpSession session;
    private final BasicPublish publish = new BasicPublish();
    private final ContentHeader header = new ContentHeader();
    private final BodyFrames bodies = new BodyFrames();
    private final LatestAddress latest = new LatestAddress();
    private final Tickets tickets = new Tickets();
    private final WaitingReturns returns;
    private @Nullable PublishConfirms confirms;
    /** Where else the message under way is to go; null for most. */
    private @Nullable Copies copies;

    private @Nullable Promise<Void> allReturned;
    private boolean telling;
    /** The publish under way through an exchange, which has found no queue. */
    private boolean unrouted;

    ChannelPublishes(AmqpChannel channel) {
        this.channel = channel;
        this.session = channel.session;
        returns = new WaitingReturns(channel.number, session, this::onReturned);
    }

    /** {@code confirm.select}. */
    void select(MethodId method) {
        ChannelMethods.ConfirmSelect read = channel.read(ChannelMethods.ConfirmSelect.read(channel.arguments), method);
        if (read == null) {
            return;
        }
        if (channel.transactions().isSelected()) {
            channel.fail(AmqpError.precondition("cannot switch from tx to confirm mode", method));
            return;
        }
        if (confirms == null) {
            confirms = new PublishConfirms();
        }
        if (!read.noWait()) {
            ServerMethods.putBare(session.out, channel.number, MethodId.CONFIRM_SELECT_OK);
        }
    }

    /** Whether publishes are confirmed. */
    boolean confirms() {
        return confirms != null;
    }

    /** {@code basic.publish}, whose header and body lie behind the method's frame. */
    void publish(byte[] bytes, int from, int to) {
        if (!publish.read(channel.arguments)) {
            channel.read(null, MethodId.BASIC_PUBLISH);
            return;
        }
        AmqpFrameReader frame = channel.frame;
        frame.read(bytes, from, to, Integer.MAX_VALUE);
        header.read(bytes, frame.payloadStart(), frame.payloadLength());
        Draft draft = session.environment.scratch().draft.clear();
        int bodyAt = frame.end();
        if (bodyAt < to) {
            frame.read(bytes, bodyAt, to, Integer.MAX_VALUE);
            draft.payload(bytes, frame.payloadStart(), frame.payloadLength());
        }
        copies = header.has(BasicProperty.HEADERS) ? Copies.of(header) : null;
        AmqpError problem = copies == null ? null : copies.problem();
        if (publish.immediate()) {
            problem = AmqpError.notImplemented("immediate=true", MethodId.BASIC_PUBLISH);
        }
        if (problem == null && header.has(BasicProperty.REPLY_TO)) {
            problem = channel.directReplies().address(header);
        }
        if (problem == null) {
            problem = MessageMapping.toDraft(header, publish.address(), draft, session.environment.scratch());
        }
        if (problem == null) {
            problem = userProblem();
        }
        if (problem != null) {
            channel.fail(problem);
            return;
        }
        if (bytes == session.reader.bytes()) {
            session.reader.lend(draft);
        }
        long number = confirms == null ? 0 : confirms.open();
        send(draft, number);
        publish.address().forget();
        header.forget();
    }

    private @Nullable AmqpError userProblem() {
        String user = header.has(BasicProperty.USER_ID) ? header.text(BasicProperty.USER_ID) : null;
        String mine = channel.link.identity().user();
        return user == null || user.equals(mine)
                ? null
                : AmqpError.precondition(
                        "user_id property set to '" + user + "' but authenticated user was '" + mine + "'",
                        MethodId.BASIC_PUBLISH);
    }

    private void send(Draft draft, long number) {
        Address to = publish.address();
        if (copies != null || to.exchangeLength() > 0) {
            sendThrough(latest.at(to, session.connection().virtualHost()), draft, number);
            return;
        }
        Topic topic = queue(to);
        if (topic == null) {
            if (!isReply(to, draft)) {
                if (channel.transactions().isSelected()) {
                    sendThrough(
                            latest.at(to, session.connection().virtualHost()),
                            draft,
                            number); // it counts as what the transaction holds
                    return;
                }
                onUnrouted(draft);
            }
            draft.giveBackLoan();
            confirm(number);
            return;
        }
        long ticket = tickets.take();
        if (confirms != null) {
            confirms.ticket(ticket, number);
        }
        onSent(channel.link.publish(topic, draft, ticket), ticket, number);
    }

    /** Of a publish in a transaction nothing more is told. */
    private void onSent(@Nullable Refusal refusal, long ticket, long number) {
        if (refusal != null || channel.transactions().isSelected()) {
            tickets.giveBack(ticket);
        }
        if (refusal != null) {
            onRefusedAtOnce(number, refusal);
        }
    }

    /** The queue that the routing key names, or null. */
    private @Nullable Topic queue(Address to) {
        Catalog catalog = channel.catalog();
        TopicCache known = channel.topics;
        int from = to.routingKeyStart();
        int end = from + to.routingKeyLength();
        Topic topic = known.find(catalog, to.bytes(), from, end);
        if (topic == null) {
            topic = catalog.topic(channel.name(to.routingKey()));
            if (topic != null && to.routingKeyLength() > 0) {
                known.put(Arrays.copyOfRange(to.bytes(), from, end), topic);
            }
        }
        return topic;
    }

    private void sendThrough(LatestAddress to, Draft draft, long number) {
        String exchange = to.exchange();
        String key = to.routingKey();
        ExchangeDef known = to.find(channel.catalog());
        if (!exchange.isEmpty() && (known == null || known.settings().isInternal())) {
            draft.giveBackLoan();
            String named = channel.inVirtualHost("exchange", exchange);
            channel.fail(
                    known == null
                            ? AmqpError.notFound("no " + named, MethodId.BASIC_PUBLISH)
                            : AmqpError.accessRefused("cannot publish to internal " + named, MethodId.BASIC_PUBLISH));
            return;
        }
        long ticket = tickets.take();
        if (confirms != null) {
            confirms.ticket(ticket, number);
        }
        unrouted = false;
        draft.typedHeaders = header.has(BasicProperty.HEADERS) ? TableValues.view(header) : HeaderView.NONE;
        Refusal refusal = copies == null
                ? channel.link.publishThrough(exchange, key, draft, ticket, null, 0)
                : channel.link.publishThrough(exchange, copies.with(key), draft, ticket, null, 0);
        onSent(refusal, ticket, number);
        if (refusal == null && unrouted && publish.mandatory()) {
            returnMessage(draft);
        }
    }

    /** Whether it goes to somebody's inbox, where it is stored nowhere. */
    private boolean isReply(Address to, Draft draft) {
        String name = to.routingKey();
        if (!name.startsWith(ReplyAddress.PREFIX)) {
            return false;
        }
        if (!channel.directReplies().isThere(name)) {
            channel.link.replyDropped();
            return false;
        }
        channel.link.reply(name.substring(ReplyAddress.PREFIX.length()), draft);
        return true;
    }

    private void onUnrouted(Draft draft) {
        if (publish.mandatory()) {
            returnMessage(draft);
        }
    }

    private void confirm(long number) {
        PublishConfirms open = confirms;
        if (open != null) {
            open.answer(number, true);
            tellSoon();
        }
        session.flushSoon();
    }

    /** The message goes back as it came, before it is confirmed. */
    private void returnMessage(Draft draft) {
        boolean held = channel.transactions().isSelected();
        boolean waits = held || isReturnedSlowly(draft.payloadLength);
        ByteWriter out = waits ? new ByteWriter(256) : session.out;
        ServerBasic.putReturn(out, channel.number, ReplyCode.NO_ROUTE, publish.address());
        AmqpFrames.putContentHeader(
                out,
                channel.number,
                draft.payloadLength,
                header.bytes(),
                header.propertiesStart(),
                header.propertiesLength());
        if (waits) {
            int end = draft.payloadStart + draft.payloadLength;
            byte[] body = Arrays.copyOfRange(draft.payloadBytes, draft.payloadStart, end);
            if (held) {
                channel.transactions().hold(out.toByteArray(), body);
            } else {
                returns.add(out.toByteArray(), body);
            }
        } else {
            bodies.start(channel.number, draft.payloadStart, draft.payloadLength, session.frameBytesMax())
                    .putAll(out, draft.payloadBytes);
        }
        channel.link.markDirty();
    }

    private boolean isReturnedSlowly(int bodyBytes) {
        return session.large().takes(bodyBytes) || returns.isPending();
    }

    /** A message goes back that a transaction has held; {@code head} is all before the body's frames. */
    void giveBack(byte[] head, byte[] body) {
        if (isReturnedSlowly(body.length)) {
            returns.add(head, body);
        } else {
            session.out.put(head);
            bodies.start(channel.number, 0, body.length, session.frameBytesMax())
                    .putAll(session.out, body);
        }
    }

    /** Completes once all that goes back is written. */
    Future<Void> allReturned() {
        if (!returns.isPending()) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        allReturned = promise;
        return promise.future();
    }

    /** What was held back of confirmations is told. */
    private void onReturned() {
        Promise<Void> waiting = allReturned;
        if (waiting != null) {
            allReturned = null;
            session.later(waiting::complete);
        }
        if (confirms != null && confirms.hasAnswers()) {
            tellSoon();
        }
        channel.link.markDirty();
    }

    /** The channel is over. */
    void close() {
        returns.close();
    }

    private void onRefusedAtOnce(long number, Refusal refusal) {
        if (confirms != null) {
            confirms.answer(number, false);
            tellSoon();
        }
        if (refusal.code() == ErrorCode.MESSAGE_TOO_LONG) {
            channel.fail(AmqpError.of(refusal, MethodId.BASIC_PUBLISH));
        } else {
            refused(refusal);
        }
    }

    /**
     * Without confirmations nobody else would hear of it. A full queue refuses as it was declared to, and one in which
     * there is not even room for that message alone refuses like a full one.
     */
    private void refused(Refusal refusal) {
        boolean isFull = refusal.code() == ErrorCode.TOPIC_FULL || refusal.code() == ErrorCode.MESSAGE_TOO_LONG;
        boolean isQuiet = confirms != null || isFull;
        if (!isQuiet || refusal.code() == ErrorCode.NOT_AUTHORIZED) {
            channel.fail(AmqpError.of(refusal, MethodId.BASIC_PUBLISH));
        }
    }

    // --- from the broker

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
        answer(firstTicket, count, true);
    }

    @Override
    public boolean countsTopics() {
        return false;
    }

    @Override
    public void onRouted(long ticket, int topics) {
        unrouted = topics == 0;
        answer(ticket, 1, true);
    }

    /** A queue that was deleted before the message came to it is as if it had not been there. */
    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        boolean isGone = refusal.code() == ErrorCode.TOPIC_NOT_FOUND;
        answer(firstTicket, count, isGone);
        if (!isGone) {
            refused(refusal);
        }
    }

    private void answer(long ticket, int count, boolean stored) {
        PublishConfirms open = confirms;
        if (open != null) {
            open.answer(ticket, count, stored);
            tellSoon();
            channel.link.markDirty();
        }
    }

    private void tellSoon() {
        if (!telling) {
            telling = true;
            session.confirming(channel);
        }
    }

    /** Writes what is known by now. */
    void tellConfirms() {
        telling = false;
        if (confirms != null && !channel.isOver() && !returns.isPending()) {
            confirms.tell(this);
        }
    }

    @Override
    public void ack(long number, boolean multiple) {
        ServerBasic.putAck(session.out, channel.number, number, multiple);
    }

    @Override
    public void nack(long number) {
        ServerBasic.putNack(session.out, channel.number, number, false, false);
    }
}
