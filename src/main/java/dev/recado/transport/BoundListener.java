package dev.recado.transport;

import io.vertx.core.Future;

/** A listener that accepts connections. */
public interface BoundListener {

    /** Key in the ports file. */
    String name();

    String host();

    /** The port that was bound, also where port 0 was asked for. */
    int port();

    /**
     * Accepts no more connections, reads no more commands, writes the answers and deliveries under way and closes every
     * connection; those that take longer than {@code drainMs} are cut. Idempotent.
     */
    Future<Void> stop(long drainMs);
}
