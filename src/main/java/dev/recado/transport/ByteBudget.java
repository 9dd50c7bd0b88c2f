package dev.recado.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of heap that sessions of all loops may take to assemble incoming messages. A session that gets none leaves its
 * socket unread and asks again. Safe for use by any thread.
 *
 * <p>There are two pools, because a long line does not say its length: who holds a part of the small pool may wait for
 * the large one, and who holds a part of the large one waits for nothing, so nobody waits in a circle.
 */
public final class ByteBudget implements Lender {

    /** Up to this much one asks {@link #tryReserveSmall}: 64 KiB and a line end. */
    public static final int SMALL_BYTES = 64 * 1024 + 2;

    private final long bytesMax;
    private final long smallBytesMax;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong smallUsed = new AtomicLong();

    /** {@code bytesMax} for large messages, and a quarter of it besides for what is small. */
    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
        smallBytesMax = Math.max(bytesMax / 4, SMALL_BYTES);
    }

    /**
     * A share of the heap, at least twice {@code messageBytesMax} and what surrounds it, so that the largest message
     * always fits alone, also where it is assembled twice, encrypted and then in the clear.
     */
    public static ByteBudget ofHeap(int percent, long messageBytesMax) {
        long share = Runtime.getRuntime().maxMemory() / 100 * percent;
        return new ByteBudget(Math.max(share / 5 * 4, messageBytesMax * 2 + SMALL_BYTES));
    }

    @Override
    public boolean tryReserve(long bytes) {
        return tryTake(used, bytes, bytesMax);
    }

    @Override
    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    @Override
    public boolean tryReserveSmall(long bytes) {
        return tryTake(smallUsed, bytes, smallBytesMax);
    }

    @Override
    public void releaseSmall(long bytes) {
        smallUsed.addAndGet(-bytes);
    }

    /** Bytes taken from both pools. */
    public long usedBytes() {
        return used.get() + smallUsed.get();
    }

    private static boolean tryTake(AtomicLong pool, long bytes, long max) {
        long now = pool.get();
        while (now + bytes <= max) {
            if (pool.compareAndSet(now, now + bytes)) {
                return true;
            }
            now = pool.get();
        }
        return false;
    }
}
