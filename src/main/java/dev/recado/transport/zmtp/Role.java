package dev.recado.transport.zmtp;

import dev.recado.transport.DeclaredListener;
import java.util.List;
import java.util.Locale;

/** What a listener is between ZeroMQ sockets: the socket of an intermediary whose place it takes. */
enum Role {
    /** Takes requests. */
    ROUTER(true),
    /** Gives requests to workers and takes their replies. */
    DEALER(false),
    /** Takes what is published. */
    XSUB(true),
    /** Gives subscribers what is published. */
    XPUB(false),
    /** Takes work. */
    PULL(true),
    /** Shares work among those that pull. */
    PUSH(false);

    static final String TRANSPORT = "zmtp";

    private static final int SHOWN_CHARACTERS_MAX = 32;

    private final boolean publishes;

    Role(boolean publishes) {
        this.publishes = publishes;
    }

    /** The types of socket that it serves. */
    private List<String> peers() {
        return switch (this) {
            case ROUTER -> List.of("REQ", "DEALER");
            case DEALER -> List.of("REP", "DEALER", "ROUTER");
            case XSUB -> List.of("PUB", "XPUB");
            case XPUB -> List.of("SUB", "XSUB");
            case PULL -> List.of("PUSH");
            case PUSH -> List.of("PULL");
        };
    }

    /** Key of its listener in the ports file. */
    String listener() {
        return declared(true).name();
    }

    DeclaredListener declared(boolean enabled) {
        return new DeclaredListener(TRANSPORT, name().toLowerCase(Locale.ROOT), enabled);
    }

    /** Whether its peers publish; else they consume. */
    boolean publishes() {
        return publishes;
    }

    /** Whether a socket of that type may connect. */
    boolean takes(String socketType) {
        return peers().contains(socketType);
    }

    /** Whether peers address it, and so hear its identity, which is empty. */
    boolean hasIdentity() {
        return this == ROUTER || this == DEALER;
    }

    /** What a socket of the wrong type is told. */
    String refusal(String socketType) {
        StringBuilder text =
                new StringBuilder("this is " + listener() + ", which serves " + String.join(", ", peers()));
        if (socketType.isEmpty()) {
            return text.append("; your READY has no Socket-Type").toString();
        }
        text.append(", not ").append(shown(socketType));
        for (Role other : values()) {
            if (other.takes(socketType)) {
                text.append("; ").append(socketType).append(" connects to ").append(other.listener());
            }
        }
        return text.toString();
    }

    /** A type that nobody knows may be anything: its beginning, as far as it is text. */
    private static String shown(String socketType) {
        String start = socketType.substring(0, Math.min(socketType.length(), SHOWN_CHARACTERS_MAX));
        return start.replaceAll("[^ -~]", "?");
    }
}
