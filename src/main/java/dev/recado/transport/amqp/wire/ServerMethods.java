package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the method frames that a server sends about connections, channels, exchanges and queues. */
public final class ServerMethods {

    private static final int VERSION_MAJOR = 0;
    private static final int VERSION_MINOR = 9;
    private static final int TICKET = 1;
    private static final long UNSIGNED_INT_MAX = 0xFFFF_FFFFL;

    private ServerMethods() {}

    /** A method without arguments, such as {@code connection.close-ok} or {@code queue.bind-ok}. */
    public static void putBare(ByteWriter out, int channel, MethodId method) {
        AmqpFrames.end(out, AmqpFrames.begin(out, channel, method));
    }

    /** {@code connection.start}; mechanisms and locales are separated by spaces. */
    public static void putStart(ByteWriter out, TableBuilder serverProperties, String mechanisms, String locales) {
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_START);
        out.put(VERSION_MAJOR).put(VERSION_MINOR);
        serverProperties.put(out);
        putLong(out, mechanisms.getBytes(StandardCharsets.UTF_8));
        putLong(out, locales.getBytes(StandardCharsets.UTF_8));
        AmqpFrames.end(out, mark);
    }

    /** {@code connection.secure}. */
    public static void putSecure(ByteWriter out, byte[] challenge) {
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_SECURE);
        putLong(out, challenge);
        AmqpFrames.end(out, mark);
    }

    /** {@code connection.tune}: what the server offers. */
    public static void putTune(ByteWriter out, int channelMax, int frameBytesMax, int heartbeatSeconds) {
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_TUNE);
        out.putShort(channelMax).putInt(frameBytesMax).putShort(heartbeatSeconds);
        AmqpFrames.end(out, mark);
    }

    /** {@code connection.open-ok}. */
    public static void putConnectionOpenOk(ByteWriter out) {
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_OPEN_OK);
        out.put(0); // reserved, a short string
        AmqpFrames.end(out, mark);
    }

    /** {@code channel.open-ok}. */
    public static void putChannelOpenOk(ByteWriter out, int channel) {
        int mark = AmqpFrames.begin(out, channel, MethodId.CHANNEL_OPEN_OK);
        out.putInt(0); // reserved, a long string
        AmqpFrames.end(out, mark);
    }

    /**
     * {@code connection.close} on channel 0, else {@code channel.close}. A text that is too long for a short string is
     * cut.
     *
     * @param culprit the method that is to blame; null where it is none, or an unknown one
     */
    public static void putClose(ByteWriter out, int channel, ReplyCode code, String text, @Nullable MethodId culprit) {
        MethodId method = channel == 0 ? MethodId.CONNECTION_CLOSE : MethodId.CHANNEL_CLOSE;
        int mark = AmqpFrames.begin(out, channel, method);
        out.putShort(code.number());
        ShortString.putCut(out, text);
        out.putInt(culprit == null ? 0 : culprit.key());
        AmqpFrames.end(out, mark);
    }

    /** {@code connection.blocked}; a reason that is too long for a short string is cut. */
    public static void putBlocked(ByteWriter out, String reason) {
        int mark = AmqpFrames.begin(out, 0, MethodId.CONNECTION_BLOCKED);
        ShortString.putCut(out, reason);
        AmqpFrames.end(out, mark);
    }

    /** {@code channel.flow-ok}, or {@code channel.flow} itself. */
    public static void putFlow(ByteWriter out, int channel, MethodId method, boolean active) {
        Check.that(
                method == MethodId.CHANNEL_FLOW || method == MethodId.CHANNEL_FLOW_OK,
                "not a method of channel.flow",
                method.key());
        int mark = AmqpFrames.begin(out, channel, method);
        out.put(active ? 1 : 0);
        AmqpFrames.end(out, mark);
    }

    /** {@code access.request-ok} with a ticket that nobody reads. */
    public static void putAccessRequestOk(ByteWriter out, int channel) {
        int mark = AmqpFrames.begin(out, channel, MethodId.ACCESS_REQUEST_OK);
        out.putShort(TICKET);
        AmqpFrames.end(out, mark);
    }

    /** {@code queue.declare-ok}; the name has at most {@link ShortString#BYTES_MAX} bytes. */
    public static void putQueueDeclareOk(
            ByteWriter out, int channel, String queue, long messageCount, long consumerCount) {
        int mark = AmqpFrames.begin(out, channel, MethodId.QUEUE_DECLARE_OK);
        ShortString.put(out, queue);
        putCount(out, messageCount);
        putCount(out, consumerCount);
        AmqpFrames.end(out, mark);
    }

    /** {@code queue.purge-ok} or {@code queue.delete-ok}, which tell of messages that are gone. */
    public static void putGone(ByteWriter out, int channel, MethodId method, long messageCount) {
        Check.that(
                method == MethodId.QUEUE_PURGE_OK || method == MethodId.QUEUE_DELETE_OK,
                "a method without a count",
                method.key());
        int mark = AmqpFrames.begin(out, channel, method);
        putCount(out, messageCount);
        AmqpFrames.end(out, mark);
    }

    /** As much of a count as an int has room for. */
    static void putCount(ByteWriter out, long count) {
        out.putInt((int) Math.min(count, UNSIGNED_INT_MAX));
    }

    private static void putLong(ByteWriter out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }
}
