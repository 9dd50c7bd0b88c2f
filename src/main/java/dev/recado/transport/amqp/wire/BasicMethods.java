package dev.recado.transport.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * What clients send now and then in methods of class {@code basic}; what they send all the time is read by
 * {@link BasicPublish} and {@link Settlement}. Each {@code read} answers null where the arguments are malformed, see
 * {@link Arguments#problem}.
 */
public final class BasicMethods {

    private BasicMethods() {}

    /** {@code basic.qos}. */
    public record Qos(long prefetchBytes, int prefetchCount, boolean global) {

        public static @Nullable Qos read(Arguments in) {
            Qos read = new Qos(in.unsignedInt(), in.unsignedShort(), in.bit());
            return in.consumed() ? read : null;
        }
    }

    /** {@code basic.consume}; an empty tag asks for one. */
    public record Consume(
            String queue,
            String consumerTag,
            boolean noLocal,
            boolean noAck,
            boolean exclusive,
            boolean noWait,
            FieldTable arguments) {

        public static @Nullable Consume read(Arguments in) {
            in.unsignedShort(); // reserved
            Consume read =
                    new Consume(in.shortString(), in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
            return in.consumed() ? read : null;
        }
    }

    /** {@code basic.cancel} and {@code basic.cancel-ok}, which has no bit. */
    public record Cancel(String consumerTag, boolean noWait) {

        public static @Nullable Cancel read(Arguments in) {
            Cancel read = new Cancel(in.shortString(), in.bit());
            return in.consumed() ? read : null;
        }

        public static @Nullable Cancel readOk(Arguments in) {
            Cancel read = new Cancel(in.shortString(), true);
            return in.consumed() ? read : null;
        }
    }

    /** {@code basic.get}. */
    public record Get(String queue, boolean noAck) {

        public static @Nullable Get read(Arguments in) {
            in.unsignedShort(); // reserved
            Get read = new Get(in.shortString(), in.bit());
            return in.consumed() ? read : null;
        }
    }

    /** {@code basic.recover} and {@code basic.recover-async}. */
    public record Recover(boolean requeue) {

        public static @Nullable Recover read(Arguments in) {
            Recover read = new Recover(in.bit());
            return in.consumed() ? read : null;
        }
    }
}
