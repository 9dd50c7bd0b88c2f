package dev.recado.app;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts requests to stop: the first begins an orderly stop, the second stops at once. Safe for use by any thread. */
final class StopSwitch {

    private final AtomicInteger requests = new AtomicInteger();
    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final Runnable halt;

    StopSwitch(Runnable halt) {
        this.halt = halt;
    }

    void request() {
        if (requests.incrementAndGet() == 1) {
            requested.complete(null);
        } else {
            halt.run();
        }
    }

    /** A terminal that closes says so twice, once by its shell and once itself: that begins a stop and hurries none. */
    void hangUp() {
        requested.complete(null);
    }

    /** Completes with the first request. */
    CompletableFuture<Void> requested() {
        return requested;
    }
}
