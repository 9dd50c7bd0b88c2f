package dev.recado.it;

import java.time.Duration;
import java.util.function.IntSupplier;

/** Tells since when a counter has not moved. One thread's. */
final class Standstill {

    private final IntSupplier counter;
    private int seen;
    private long sinceNanos;

    /** Begins to look at {@code counter} now. */
    Standstill(IntSupplier counter) {
        this.counter = counter;
        seen = counter.getAsInt();
        sinceNanos = System.nanoTime();
    }

    /** Whether the counter is above 0 and was the same at every call for {@code duration} or longer. */
    boolean lasts(Duration duration) {
        int now = counter.getAsInt();
        if (now != seen || now == 0) {
            seen = now;
            sinceNanos = System.nanoTime();
        }
        return System.nanoTime() - sinceNanos >= duration.toNanos();
    }
}
