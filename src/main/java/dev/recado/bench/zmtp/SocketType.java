package dev.recado.bench.zmtp;

/** What our sockets are, and what may be at the other end. */
enum SocketType {
    PUSH,
    PULL,
    PUB,
    SUB;

    boolean mayTalkTo(String peer) {
        return switch (this) {
            case PUSH -> peer.equals("PULL");
            case PULL -> peer.equals("PUSH");
            case PUB -> peer.equals("SUB") || peer.equals("XSUB");
            case SUB -> peer.equals("PUB") || peer.equals("XPUB");
        };
    }
}
