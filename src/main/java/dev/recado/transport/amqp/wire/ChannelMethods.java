package dev.recado.transport.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * What clients send in methods of the classes {@code channel}, {@code confirm} and {@code access}. Each {@code read}
 * answers null where the arguments are malformed, see {@link Arguments#problem}. A {@code channel.close} is a
 * {@link ConnectionMethods.Close}; the methods of class {@code tx} have no arguments.
 */
public final class ChannelMethods {

    private ChannelMethods() {}

    /** Reads a {@code channel.open}, which says nothing; false where it is malformed. */
    public static boolean readOpen(Arguments in) {
        in.shortSlice(); // reserved
        return in.consumed();
    }

    /** {@code channel.flow} and {@code channel.flow-ok}. */
    public record Flow(boolean active) {

        public static @Nullable Flow read(Arguments in) {
            Flow read = new Flow(in.bit());
            return in.consumed() ? read : null;
        }
    }

    /** {@code confirm.select}. */
    public record ConfirmSelect(boolean noWait) {

        public static @Nullable ConfirmSelect read(Arguments in) {
            ConfirmSelect read = new ConfirmSelect(in.bit());
            return in.consumed() ? read : null;
        }
    }

    /** {@code access.request} of older versions, whose answer has always been yes; its wishes are passed over. */
    public record AccessRequest(String realm) {

        public static @Nullable AccessRequest read(Arguments in) {
            AccessRequest read = new AccessRequest(in.shortString());
            in.bit(); // exclusive, and passive, active, write, read in the same byte
            return in.consumed() ? read : null;
        }
    }
}
