package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;

/**
 * Writes the method frames of class {@code basic} that a server sends. Behind {@code deliver}, {@code get-ok} and
 * {@code return} come {@link AmqpFrames#putContentHeader} and the frames of {@link BodyFrames}, on the same channel and
 * with nothing of that channel in between. None of them makes garbage.
 */
public final class ServerBasic {

    private static final int MULTIPLE = 1;
    private static final int REQUEUE = 2;

    private ServerBasic() {}

    /** {@code basic.deliver}. */
    public static void putDeliver(
            ByteWriter out,
            int channel,
            ShortString consumerTag,
            long deliveryTag,
            boolean redelivered,
            Address address) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_DELIVER);
        consumerTag.put(out);
        out.putLong(deliveryTag).put(redelivered ? 1 : 0);
        address.put(out);
        AmqpFrames.end(out, mark);
    }

    /** {@code basic.return}, whose text is the name of the code. */
    public static void putReturn(ByteWriter out, int channel, ReplyCode code, Address address) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_RETURN);
        out.putShort(code.number()).put(code.name().length()).putAscii(code.name());
        address.put(out);
        AmqpFrames.end(out, mark);
    }

    /** {@code basic.get-ok}; {@code messageCount} are left in the queue. */
    public static void putGetOk(
            ByteWriter out, int channel, long deliveryTag, boolean redelivered, Address address, long messageCount) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_GET_OK);
        out.putLong(deliveryTag).put(redelivered ? 1 : 0);
        address.put(out);
        ServerMethods.putCount(out, messageCount);
        AmqpFrames.end(out, mark);
    }

    /** {@code basic.get-empty}. */
    public static void putGetEmpty(ByteWriter out, int channel) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_GET_EMPTY);
        out.put(0); // reserved, a short string
        AmqpFrames.end(out, mark);
    }

    /** {@code basic.ack}: a publish is confirmed, or all up to it. */
    public static void putAck(ByteWriter out, int channel, long deliveryTag, boolean multiple) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_ACK);
        out.putLong(deliveryTag).put(multiple ? MULTIPLE : 0);
        AmqpFrames.end(out, mark);
    }

    /** {@code basic.nack}: a publish is refused, or all up to it. */
    public static void putNack(ByteWriter out, int channel, long deliveryTag, boolean multiple, boolean requeue) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_NACK);
        out.putLong(deliveryTag).put((multiple ? MULTIPLE : 0) | (requeue ? REQUEUE : 0));
        AmqpFrames.end(out, mark);
    }

    /** {@code basic.consume-ok}. */
    public static void putConsumeOk(ByteWriter out, int channel, ShortString consumerTag) {
        putTag(out, channel, MethodId.BASIC_CONSUME_OK, consumerTag);
    }

    /** {@code basic.cancel-ok}. */
    public static void putCancelOk(ByteWriter out, int channel, ShortString consumerTag) {
        putTag(out, channel, MethodId.BASIC_CANCEL_OK, consumerTag);
    }

    /** {@code basic.cancel}: the queue of a consumer is gone. No answer is asked for. */
    public static void putCancel(ByteWriter out, int channel, ShortString consumerTag) {
        int mark = AmqpFrames.begin(out, channel, MethodId.BASIC_CANCEL);
        consumerTag.put(out);
        out.put(1); // no-wait
        AmqpFrames.end(out, mark);
    }

    private static void putTag(ByteWriter out, int channel, MethodId method, ShortString consumerTag) {
        int mark = AmqpFrames.begin(out, channel, method);
        consumerTag.put(out);
        AmqpFrames.end(out, mark);
    }
}
