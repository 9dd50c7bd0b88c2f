package dev.recado.transport.amqp.wire;

import org.jspecify.annotations.Nullable;

/**
 * What clients send in methods of class {@code connection}. Each {@code read} answers null where the arguments are
 * malformed, see {@link Arguments#problem}.
 */
public final class ConnectionMethods {

    private ConnectionMethods() {}

    /**
     * {@code connection.start-ok}.
     *
     * @param response what the mechanism wants; that of AMQPLAIN is a {@link FieldTable} without its length
     */
    public record StartOk(FieldTable clientProperties, String mechanism, byte[] response, String locale) {

        public static @Nullable StartOk read(Arguments in) {
            StartOk read = new StartOk(in.table(), in.shortString(), in.longString(), in.shortString());
            return in.consumed() ? read : null;
        }

        /** What the application calls itself, or else its client's product; empty where it says neither. */
        public String clientName() {
            FieldCursor at = new FieldCursor();
            for (String name : new String[] {"connection_name", "product"}) {
                if (clientProperties.find(name, at) && at.isText() && at.valueLength() > 0) {
                    return at.text();
                }
            }
            return "";
        }

        /** Whether the client announces a capability, such as {@code connection.blocked}. */
        public boolean announces(String capability) {
            FieldCursor at = new FieldCursor();
            return clientProperties.find("capabilities", at)
                    && at.isTable()
                    && at.table().find(capability, at)
                    && at.isFlag()
                    && at.flag();
        }
    }

    /** {@code connection.secure-ok}. */
    public record SecureOk(byte[] response) {

        public static @Nullable SecureOk read(Arguments in) {
            SecureOk read = new SecureOk(in.longString());
            return in.consumed() ? read : null;
        }
    }

    /** {@code connection.tune-ok}; 0 means no limit, or no heartbeats. */
    public record TuneOk(int channelMax, long frameBytesMax, int heartbeatSeconds) {

        public static @Nullable TuneOk read(Arguments in) {
            TuneOk read = new TuneOk(in.unsignedShort(), in.unsignedInt(), in.unsignedShort());
            return in.consumed() ? read : null;
        }
    }

    /** {@code connection.open}. */
    public record Open(String virtualHost) {

        public static @Nullable Open read(Arguments in) {
            Open read = new Open(in.shortString());
            in.shortSlice(); // reserved
            in.bit(); // reserved
            return in.consumed() ? read : null;
        }
    }

    /** {@code connection.close} and {@code channel.close}; class and method are 0 where none is to blame. */
    public record Close(int code, String text, int classId, int methodId) {

        public static @Nullable Close read(Arguments in) {
            Close read = new Close(in.unsignedShort(), in.shortString(), in.unsignedShort(), in.unsignedShort());
            return in.consumed() ? read : null;
        }
    }

    /** {@code connection.update-secret}. */
    public record UpdateSecret(byte[] secret, String reason) {

        public static @Nullable UpdateSecret read(Arguments in) {
            UpdateSecret read = new UpdateSecret(in.longString(), in.shortString());
            return in.consumed() ? read : null;
        }
    }
}
