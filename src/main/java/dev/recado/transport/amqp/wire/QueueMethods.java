package dev.recado.transport.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * What clients send in methods of class {@code queue}. Each {@code read} answers null where the arguments are
 * malformed, see {@link Arguments#problem}. An empty name stands for the last queue that the channel declared.
 */
public final class QueueMethods {

    private QueueMethods() {}

    /** {@code queue.declare}. */
    public record Declare(
            String queue,
            boolean passive,
            boolean durable,
            boolean exclusive,
            boolean autoDelete,
            boolean noWait,
            FieldTable arguments) {

        public static @Nullable Declare read(Arguments in) {
            in.unsignedShort(); // reserved
            Declare read = new Declare(in.shortString(), in.bit(), in.bit(), in.bit(), in.bit(), in.bit(), in.table());
            return in.consumed() ? read : null;
        }
    }

    /** {@code queue.bind} and {@code queue.unbind}; an unbind is always answered. */
    public record Bind(String queue, String exchange, String routingKey, boolean noWait, FieldTable arguments) {

        public static @Nullable Bind read(Arguments in) {
            in.unsignedShort(); // reserved
            Bind read = new Bind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
            return in.consumed() ? read : null;
        }

        public static @Nullable Bind readUnbind(Arguments in) {
            in.unsignedShort(); // reserved
            Bind read = new Bind(in.shortString(), in.shortString(), in.shortString(), false, in.table());
            return in.consumed() ? read : null;
        }
    }

    /** {@code queue.purge}. */
    public record Purge(String queue, boolean noWait) {

        public static @Nullable Purge read(Arguments in) {
            in.unsignedShort(); // reserved
            Purge read = new Purge(in.shortString(), in.bit());
            return in.consumed() ? read : null;
        }
    }

    /** {@code queue.delete}. */
    public record Delete(String queue, boolean ifUnused, boolean ifEmpty, boolean noWait) {

        public static @Nullable Delete read(Arguments in) {
            in.unsignedShort(); // reserved
            Delete read = new Delete(in.shortString(), in.bit(), in.bit(), in.bit());
            return in.consumed() ? read : null;
        }
    }
}
