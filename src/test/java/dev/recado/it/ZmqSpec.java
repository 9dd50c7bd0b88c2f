package dev.recado.it;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a ZeroMQ socket is to be: its type, in capitals, and options, as {@code src/test/resources/zmq} lists them. */
record ZmqSpec(String type, Map<String, String> options) {

    static ZmqSpec of(String type) {
        return new ZmqSpec(type, Map.of());
    }

    ZmqSpec with(String option, Object value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(option, value.toString());
        return new ZmqSpec(type, more);
    }

    ZmqSpec identity(String identity) {
        return with("routing-id", identity);
    }

    /** The listener of a broker for this type; DEALER and ROUTER sockets are clients or workers. */
    String listener() {
        return switch (type) {
            case "REQ" -> "zmtp-router";
            case "REP" -> "zmtp-dealer";
            case "PUB", "XPUB" -> "zmtp-xsub";
            case "SUB", "XSUB" -> "zmtp-xpub";
            case "PUSH" -> "zmtp-pull";
            case "PULL" -> "zmtp-push";
            default -> throw new IllegalArgumentException(type + " may be a client or a worker");
        };
    }
}
