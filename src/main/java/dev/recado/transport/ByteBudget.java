package dev.recado.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of heap that sessions of all loops may take to assemble large incoming messages. A session that gets none
 * leaves its socket unread and asks again. Safe for use by any thread.
 */
public final class ByteBudget {

    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * A share of the heap, at least {@code messageBytesMax} and its line, so that the largest message always fits
     * alone.
     */
    public static ByteBudget ofHeap(int percent, long messageBytesMax) {
        long share = Runtime.getRuntime().maxMemory() / 100 * percent;
        return new ByteBudget(Math.max(share, messageBytesMax * 2));
    }

    /** Takes {@code bytes}, or nothing and answers false. */
    public boolean tryReserve(long bytes) {
        long now = used.get();
        while (now + bytes <= bytesMax) {
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
            now = used.get();
        }
        return false;
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    public long usedBytes() {
        return used.get();
    }
}
