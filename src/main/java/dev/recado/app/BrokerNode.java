package dev.recado.app;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The broker as {@code main} sees it: started once, stopped once. Its data directory is locked by the caller. */
public interface BrokerNode {

    /** Recovers the data, binds the listeners and completes with their addresses once they accept work. */
    CompletionStage<List<BoundListener>> start();

    /**
     * Completes exceptionally when the running broker can no longer go on (its storage failed, say); never completes
     * otherwise.
     */
    CompletionStage<Void> failure();

    /** Accepts nothing new, drains, makes everything durable, and completes when all of it is released. Idempotent. */
    CompletionStage<Void> stop();

    /** Makes a node that is not started yet. */
    @FunctionalInterface
    interface Factory {
        BrokerNode create(Launch launch);
    }
}
