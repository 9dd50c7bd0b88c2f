package dev.recado.apps;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Whether an example was asked to end, by a signal or by another of its parts. Safe for use by any thread. */
public final class Stop {

    private final CountDownLatch requested = new CountDownLatch(1);

    /** One that the end of the process requests; {@code onStop} takes what to do then. */
    public static Stop of(Consumer<Runnable> onStop) {
        Stop stop = new Stop();
        onStop.accept(stop::request);
        return stop;
    }

    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits for {@code waitMs} milliseconds, or until a stop is requested; answers whether it is. */
    public boolean within(long waitMs) {
        try {
            return requested.await(Math.max(0, waitMs), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts these threads but to end them.
            Thread.currentThread().interrupt();
            request();
            return true;
        }
    }
}
