package dev.recado.transport;

import java.util.concurrent.atomic.AtomicInteger;

/** Connections at once over all loops and listeners, with their limit. Safe for use by any thread. */
public final class ConnectionCount {

    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    public ConnectionCount(int max) {
        this.max = max;
    }

    /** Counts one more, or answers false where the limit is reached. */
    public boolean tryEnter() {
        int now = open.get();
        while (now < max) {
            if (open.compareAndSet(now, now + 1)) {
                return true;
            }
            now = open.get();
        }
        return false;
    }

    public void leave() {
        open.decrementAndGet();
    }

    public int open() {
        return open.get();
    }

    public int max() {
        return max;
    }
}
