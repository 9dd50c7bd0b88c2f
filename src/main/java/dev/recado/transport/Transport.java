package dev.recado.transport;

import io.vertx.core.Future;
import java.util.List;

/**
 * One wire protocol; found by {@link java.util.ServiceLoader}. An implementation has a public constructor without
 * arguments.
 */
public interface Transport {

    /** The prefix of its settings, as in {@code text}. */
    String name();

    /** Binds its listeners, if it has any to bind; completes once connections are accepted. */
    Future<List<BoundListener>> start(TransportContext context);
}
