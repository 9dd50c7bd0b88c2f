package dev.recado.app;

import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The broker as {@code main} sees it: started once, stopped once. */
public interface BrokerNode {

    /** Recovers the data, binds the listeners and completes with their addresses once they accept work. */
    CompletionStage<List<BoundAddress>> start();

    /** What its event loops wait for sockets with, such as {@code epoll}; known once it was started. */
    String io();

    /**
     * Completes exceptionally when the running broker can no longer go on (its storage failed, say); never completes
     * otherwise.
     */
    CompletionStage<Void> failure();

    /** Accepts nothing new, drains, makes everything durable, and completes when all of it is released. Idempotent. */
    CompletionStage<Void> stop();

    /**
     * Makes a node that is not started yet, on a directory that stays locked, and its caller's, until it has stopped.
     */
    @FunctionalInterface
    interface Factory {
        BrokerNode create(Launch launch, Disk disk, DataDirectory directory);
    }
}
