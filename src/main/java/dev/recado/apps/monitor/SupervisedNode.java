package dev.recado.apps.monitor;

import java.io.IOException;

/**
 * A node that monitors look after.
 *
 * @param name as it is logged
 * @param health how it is asked whether it lives
 * @param starter how it is started again
 */
record SupervisedNode(String name, Health health, Starter starter) {

    /**
     * A health check.
     *
     * @param byTcp whether a connection that is made is the answer, as of a broker; else {@code OK} to a datagram
     *     {@code PING}
     */
    record Health(boolean byTcp, Address at) {

        private static final String TCP = "tcp://";

        /** Reads {@code HOST:PORT}, or {@code tcp://HOST:PORT}. */
        static Health parse(String text) {
            return text.startsWith(TCP)
                    ? new Health(true, Address.parse(text.substring(TCP.length())))
                    : new Health(false, Address.parse(text));
        }

        @Override
        public String toString() {
            return (byTcp ? TCP : "") + at;
        }
    }

    /** Starts a dead node; may block for as long as {@link NodeProcess#END_MS} and a start take. */
    interface Starter {
        /** Answers what was done, for the log. */
        String revive() throws IOException;
    }

    /** A host and a port; the name is looked up when it is used. */
    record Address(String host, int port) {

        private static final int PORT_MAX = 65_535;

        /** Reads {@code HOST:PORT}; an IPv6 address stands in brackets. */
        static Address parse(String text) {
            int colon = text.lastIndexOf(':');
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                String host = text.substring(0, Math.max(0, colon));
                if (host.startsWith("[") && host.endsWith("]")) {
                    host = host.substring(1, host.length() - 1);
                }
                if (!host.isEmpty() && port >= 0 && port <= PORT_MAX) {
                    return new Address(host, port);
                }
            } catch (NumberFormatException noPort) {
                // Told below.
            }
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
        }

        @Override
        public String toString() {
            return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
        }
    }
}
