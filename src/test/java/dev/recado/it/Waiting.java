package dev.recado.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The one way in which these tests wait: a condition, one deadline, and a sentence for the failure. */
final class Waiting {

    private static final long POLL_NANOS = 500_000;

    private Waiting() {}

    /** Returns as soon as {@code condition} holds; fails naming {@code what} once {@code limit} has passed. */
    static void until(String what, Duration limit, BooleanSupplier condition) {
        if (!within(limit, condition)) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
        }
    }

    /** Whether {@code condition} came to hold before {@code limit} had passed. */
    static boolean within(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
