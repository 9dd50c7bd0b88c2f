package dev.recado.app;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears requests to stop: the first begins an orderly stop, one that comes {@link #SAME_MS} later or more stops at
 * once. What comes sooner is the same request told twice: {@code timeout} signals a process and then its group. Safe
 * for use by any thread.
 */
final class StopSwitch {

    static final long SAME_MS = 500;

    private final CompletableFuture<Void> requested = new CompletableFuture<>();
    private final Runnable halt;
    private final LongSupplier nanoTime;
    private @Nullable Long firstNanos;

    StopSwitch(Runnable halt) {
        this(halt, System::nanoTime);
    }

    StopSwitch(Runnable halt, LongSupplier nanoTime) {
        this.halt = halt;
        this.nanoTime = nanoTime;
    }

    void request() {
        if (isHurried()) {
            halt.run();
        } else {
            requested.complete(null);
        }
    }

    private synchronized boolean isHurried() {
        long nowNanos = nanoTime.getAsLong();
        Long first = firstNanos;
        if (first == null) {
            firstNanos = nowNanos;
            return false;
        }
        return nowNanos - first >= TimeUnit.MILLISECONDS.toNanos(SAME_MS);
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
