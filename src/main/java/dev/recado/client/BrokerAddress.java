package dev.recado.client;

import java.util.ArrayList;
import java.util.List;

/** Where a broker listens for the text protocol. */
public record BrokerAddress(String host, int port) {

    /** The port of the text protocol where nobody says otherwise. */
    public static final int PORT_DEFAULT = 8_080;

    /** The listener's key in a broker's file of ports. */
    public static final String LISTENER = "text";

    /**
     * Reads {@code HOST[:PORT][,HOST[:PORT]…]}; an IPv6 host stands in brackets where a port follows.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    public static List<BrokerAddress> parseList(String list) {
        return parseList(list, PORT_DEFAULT);
    }

    /** The same where a port that is left out is {@code portDefault}. */
    public static List<BrokerAddress> parseList(String list, int portDefault) {
        List<BrokerAddress> addresses = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            addresses.add(parse(part.trim(), portDefault));
        }
        return List.copyOf(addresses);
    }

    private static BrokerAddress parse(String text, int portDefault) {
        int colon = text.lastIndexOf(':');
        // Without brackets several colons are an IPv6 address alone.
        boolean ported = colon >= 0 && !text.endsWith("]") && (text.startsWith("[") || text.indexOf(':') == colon);
        String host = ported ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = ported ? port(text.substring(colon + 1)) : portDefault;
        if (host.isEmpty() || port < 1 || isNoHost(host)) {
            throw new IllegalArgumentException("not a broker address: '" + text + "', expected HOST or HOST:PORT");
        }
        return new BrokerAddress(host, port);
    }

    /** Such as a URL. */
    private static boolean isNoHost(String host) {
        return host.chars().anyMatch(c -> "[]/ ".indexOf(c) >= 0);
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        return port <= 65_535 ? port : -1;
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
