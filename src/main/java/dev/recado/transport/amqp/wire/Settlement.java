package dev.recado.transport.amqp.wire;

/** The arguments of {@code basic.ack}, {@code basic.nack} and {@code basic.reject}. A cursor; one owner. */
public final class Settlement {

    private long deliveryTag;
    private boolean multiple;
    private boolean requeue;

    /** Reads those of an ack; false where they are malformed, see {@link Arguments#problem}. */
    public boolean readAck(Arguments in) {
        deliveryTag = in.longLong();
        multiple = in.bit();
        requeue = false;
        return in.consumed();
    }

    /** Reads those of a nack; false where they are malformed. */
    public boolean readNack(Arguments in) {
        deliveryTag = in.longLong();
        multiple = in.bit();
        requeue = in.bit();
        return in.consumed();
    }

    /** Reads those of a reject; false where they are malformed. */
    public boolean readReject(Arguments in) {
        deliveryTag = in.longLong();
        multiple = false;
        requeue = in.bit();
        return in.consumed();
    }

    /** One above {@link Long#MAX_VALUE} is negative, and as unknown as any other. */
    public long deliveryTag() {
        return deliveryTag;
    }

    /** Whether all earlier ones are meant too; with tag 0 all that there are. */
    public boolean multiple() {
        return multiple;
    }

    public boolean requeue() {
        return requeue;
    }
}
