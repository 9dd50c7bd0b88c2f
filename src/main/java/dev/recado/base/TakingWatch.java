package dev.recado.base;

/**
 * Whether who holds memory that others wait for is taking it: at 1 MiB/s what it holds, and 5 s besides. That is told
 * all the time, so that of many who take nothing none is given its time anew when another one has been ended. One
 * owner.
 */
public final class TakingWatch {

    private static final long BYTES_PER_S = 1024 * 1024;
    private static final long GRACE_MS = 5_000;
    private static final long NO_WINDOW = Long.MAX_VALUE;

    private long endMs = NO_WINDOW;
    /** What it has yet to take of what it held when the window began. */
    private long bytes;

    /** It took so much. */
    public void onTaken(long fewer) {
        bytes -= fewer;
    }

    /** Called on each tick: whether it is in the way, where it holds {@code heldBytes} and others wait for such. */
    public boolean isInTheWay(long nowMs, boolean wanted, long heldBytes) {
        if (heldBytes == 0) {
            endMs = NO_WINDOW;
            return false;
        }
        if (endMs == NO_WINDOW || bytes <= 0 && nowMs >= endMs) {
            endMs = nowMs + GRACE_MS + heldBytes * 1_000 / BYTES_PER_S;
            bytes = heldBytes;
        }
        return wanted && nowMs >= endMs;
    }
}
