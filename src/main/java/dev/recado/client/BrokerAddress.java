package dev.recado.client;

import java.util.ArrayList;
import java.util.List;

/** Where a broker listens for the text protocol. */
public record BrokerAddress(String host, int port) {

    /**
     * Reads {@code HOST:PORT[,HOST:PORT…]}; an IPv6 host stands in brackets.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    public static List<BrokerAddress> parseList(String list) {
        List<BrokerAddress> addresses = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            addresses.add(parse(part.trim()));
        }
        return List.copyOf(addresses);
    }

    private static BrokerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? -1 : port(text.substring(colon + 1));
        if (host.isEmpty() || port < 1) {
            throw new IllegalArgumentException("not a broker address: '" + text + "', expected HOST:PORT");
        }
        return new BrokerAddress(host, port);
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
