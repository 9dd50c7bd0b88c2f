package dev.recado.transport.amqp;

import dev.recado.security.Identity;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.ChannelMethods;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerMethods;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The channels of one connection. One owner. */
final class Channels {

    private final AmqpSession session;
    private final Map<Integer, AmqpChannel> open = new HashMap<>(4);
    /** The one that was looked up last, as most frames are of the channel of the one before; null for none. */
    private @Nullable AmqpChannel latest;

    private final AmqpFrameReader frame = new AmqpFrameReader();
    private final Arguments arguments = new Arguments();
    private int countMax = Integer.MAX_VALUE;

    Channels(AmqpSession session) {
        this.session = session;
    }

    /** How many there may be at once; their numbers are the client's to choose. */
    void countMax(int max) {
        countMax = max;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Whether the channel is being closed: methods are all that is looked at. */
    boolean refuses(int number) {
        AmqpChannel channel = find(number);
        return channel != null && channel.isClosing();
    }

    private @Nullable AmqpChannel find(int number) {
        AmqpChannel known = latest;
        if (known == null || known.number != number) {
            known = open.get(number);
            latest = known;
        }
        return known;
    }

    private void forget(int number) {
        open.remove(number);
        latest = null;
    }

    /** Asks for a flush at the end of the turn; false where there is nobody to ask. */
    boolean markDirty() {
        for (AmqpChannel channel : open.values()) {
            channel.link.markDirty();
            return true;
        }
        return false;
    }

    /** The connection goes on as {@code identity}; false where that has ended meanwhile. */
    boolean identify(Identity identity) {
        boolean done = true;
        for (AmqpChannel channel : open.values()) {
            done &= channel.link.identify(identity);
        }
        return done;
    }

    /** A channel's command came. */
    void perform(int number, byte[] bytes, int from, int length) {
        AmqpChannel channel = find(number);
        if (channel == null) {
            openOrRefuse(number, method(bytes, from, length));
        } else if (channel.isClosing()) {
            onClosing(number, method(bytes, from, length));
        } else {
            channel.take(bytes, from, length);
        }
    }

    /** A channel that is open is opened. */
    void openedTwice(MethodId method) {
        session.fail(AmqpError.of(ReplyCode.CHANNEL_ERROR, "second 'channel.open' seen", method));
    }

    private @Nullable MethodId method(byte[] bytes, int from, int length) {
        frame.read(bytes, from, from + length, Integer.MAX_VALUE);
        if (frame.type() != AmqpFrameReader.METHOD) {
            return null;
        }
        return MethodId.of(arguments.open(bytes, frame.payloadStart(), frame.payloadLength()));
    }

    private void openOrRefuse(int number, @Nullable MethodId method) {
        if (method != MethodId.CHANNEL_OPEN) {
            session.fail(AmqpError.of(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'", method));
        } else if (!ChannelMethods.readOpen(arguments)) {
            session.fail(AmqpError.of(ReplyCode.SYNTAX_ERROR, arguments.problem(), method));
        } else if (open.size() >= countMax) {
            session.fail(AmqpError.of(
                    ReplyCode.NOT_ALLOWED,
                    "number of channels opened (" + open.size() + ") has reached the negotiated" + " channel_max ("
                            + countMax + ")",
                    null));
        } else {
            open(number);
        }
    }

    private void open(int number) {
        AmqpChannel channel = new AmqpChannel(session, number);
        open.put(number, channel);
        if (channel.hasEntered()) {
            ServerMethods.putChannelOpenOk(session.out, number);
        } else {
            String named = session.connection().virtualHost();
            session.fail(session.connection().notEntered(named, MethodId.CHANNEL_OPEN));
        }
    }

    /** Of a channel that the broker has closed nothing counts but the answer to that. */
    private void onClosing(int number, @Nullable MethodId method) {
        if (method == MethodId.CHANNEL_CLOSE_OK) {
            forget(number);
        } else if (method == MethodId.CHANNEL_CLOSE) {
            ServerMethods.putBare(session.out, number, MethodId.CHANNEL_CLOSE_OK);
        } else if (method == MethodId.CHANNEL_OPEN) {
            openedTwice(method);
        }
    }

    /** What came of that channel cannot be. */
    void refuse(int number, AmqpError error) {
        AmqpChannel channel = find(number);
        if (channel != null) {
            channel.fail(error);
        }
    }

    /** The client closed it. */
    void closed(int number) {
        forget(number);
        session.reader.forget(number);
    }

    /** See {@link ChannelConsumers#leaveMortal}; of all. */
    Future<?> leaveMortal() {
        List<Future<?>> leaving = new ArrayList<>(open.size());
        open.values().forEach(channel -> leaving.add(channel.leaveMortal()));
        return leaving.isEmpty() ? Future.succeededFuture() : Future.join(leaving);
    }

    /** All are over. */
    void closeAll() {
        List<AmqpChannel> all = new ArrayList<>(open.values());
        open.clear();
        latest = null;
        all.forEach(AmqpChannel::close);
    }
}
