package dev.recado.transport.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * What clients send in methods of class {@code exchange}. Each {@code read} answers null where the arguments are
 * malformed, see {@link Arguments#problem}.
 */
public final class ExchangeMethods {

    private ExchangeMethods() {}

    /** What an exchange is declared with, which a second declaration must repeat. */
    public record Traits(boolean durable, boolean autoDelete, boolean internal) {}

    /** {@code exchange.declare}. */
    public record Declare(
            String exchange, String type, boolean passive, Traits traits, boolean noWait, FieldTable arguments) {

        public static @Nullable Declare read(Arguments in) {
            in.unsignedShort(); // reserved
            Declare read = new Declare(
                    in.shortString(),
                    in.shortString(),
                    in.bit(),
                    new Traits(in.bit(), in.bit(), in.bit()),
                    in.bit(),
                    in.table());
            return in.consumed() ? read : null;
        }
    }

    /** {@code exchange.delete}. */
    public record Delete(String exchange, boolean ifUnused, boolean noWait) {

        public static @Nullable Delete read(Arguments in) {
            in.unsignedShort(); // reserved
            Delete read = new Delete(in.shortString(), in.bit(), in.bit());
            return in.consumed() ? read : null;
        }
    }

    /** {@code exchange.bind} and {@code exchange.unbind}. */
    public record Bind(String destination, String source, String routingKey, boolean noWait, FieldTable arguments) {

        public static @Nullable Bind read(Arguments in) {
            in.unsignedShort(); // reserved
            Bind read = new Bind(in.shortString(), in.shortString(), in.shortString(), in.bit(), in.table());
            return in.consumed() ? read : null;
        }
    }
}
