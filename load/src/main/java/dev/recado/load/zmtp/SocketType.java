package dev.recado.load.zmtp;

/** What a user's socket is. */
public enum SocketType {
    /** Gives work to the frontend. */
    PUSH,
    /** Takes work from the backend. */
    PULL,
    /** Asks the frontend, one thing at a time. */
    REQ,
    /** Answers what the backend brings. */
    REP;

    /** Whether it connects where clients do; else where workers do. */
    boolean isFrontend() {
        return this == PUSH || this == REQ;
    }

    boolean mayTalkTo(String peer) {
        return switch (this) {
            case PUSH -> peer.equals("PULL");
            case PULL -> peer.equals("PUSH");
            case REQ -> peer.equals("REP") || peer.equals("ROUTER");
            case REP -> peer.equals("REQ") || peer.equals("DEALER");
        };
    }

    /** Whether peers may know it by a name, which is empty here. */
    boolean hasIdentity() {
        return this == REQ;
    }
}
