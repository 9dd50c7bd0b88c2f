package dev.recado.transport;

import io.vertx.core.Future;

/**
 * One wire protocol; found by {@link java.util.ServiceLoader}. An implementation has a public constructor without
 * arguments.
 */
public interface Transport {

    /** The prefix of its settings, as in {@code text}. */
    String name();

    /** Binds its listener; completes once connections are accepted. */
    Future<BoundListener> start(TransportContext context);
}
