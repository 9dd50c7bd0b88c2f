package dev.recado.transport;

/**
 * Whether a sender that holds memory for a large message sends it: at 16 KiB/s in every 30 s, and over the whole
 * message not much slower; while others wait for that memory, at 1 MiB/s in every 5 s, or less where many wait ({@link
 * Lender#windowMs}). Who does not loses the memory and its connection. One owner.
 */
public final class AssemblyWatch {

    /** What a peer is told that does not keep to it. */
    public static final String RULE = "a large message must come at 16 KiB/s, and at 1 MiB/s while others wait";

    private static final long WINDOW_MS = 30_000;
    private static final long BYTES_PER_S_MIN = 16 * 1024;
    private static final long WINDOW_BYTES_MIN = BYTES_PER_S_MIN * (WINDOW_MS / 1000);
    private static final long NO_WINDOW = Long.MAX_VALUE;
    private static final long WANTED_BYTES_PER_MS = 1024 * 1024 / 1_000;
    /** Who asks so late was busy with something else, and has not read meanwhile either. */
    private static final long LATE_MS = 500;

    private long windowEndMs = NO_WINDOW;
    private long windowBytes;
    /** The same while others wait. */
    private long wantedEndMs = NO_WINDOW;

    private long wantedSinceMs;
    private long wantedBytes;
    /** The assembly that is being watched, since when, later by the time in which the socket was not read. */
    private long assembly = -1;

    private long assemblySinceMs;
    private long checkedMs;

    public AssemblyWatch(long nowMs) {
        checkedMs = nowMs;
    }

    public void onBytes(int count) {
        windowBytes += count;
        wantedBytes += count;
    }

    /** The time in which the socket is not read is not the sender's. */
    public void onNotReading(long nowMs) {
        windowEndMs = NO_WINDOW;
        wantedEndMs = NO_WINDOW;
        assemblySinceMs += nowMs - checkedMs;
        checkedMs = nowMs;
    }

    /**
     * Whether an assembly takes longer than its bytes at 16 KiB/s and one window; a large one must keep to that speed
     * in every window as well, so that it loses its memory before.
     *
     * @param reservedBytes what the budget lent, 0 while nothing is being assembled
     * @param assemblies counts those that are over
     * @param wantedWindowMs over how long it has to come at 1 MiB/s, because others wait for what it has of the memory
     *     for large messages; 0 where nobody does
     */
    public boolean isTooSlow(long nowMs, long reservedBytes, long assemblies, long wantedWindowMs) {
        long sinceMs = nowMs - checkedMs;
        checkedMs = nowMs;
        if (sinceMs > LATE_MS && wantedEndMs != NO_WINDOW) {
            wantedEndMs += sinceMs;
            wantedSinceMs += sinceMs;
        }
        if (reservedBytes == 0) {
            windowEndMs = NO_WINDOW;
            wantedEndMs = NO_WINDOW;
            assembly = -1;
            return false;
        }
        if (assembly != assemblies) {
            assembly = assemblies;
            assemblySinceMs = nowMs;
            windowEndMs = NO_WINDOW;
            wantedEndMs = NO_WINDOW;
        }
        if (holdsUp(nowMs, wantedWindowMs)) {
            return true;
        }
        if (nowMs - assemblySinceMs >= reservedBytes * 1000 / BYTES_PER_S_MIN + WINDOW_MS) {
            return true;
        }
        if (windowEndMs != NO_WINDOW && nowMs < windowEndMs) {
            return false;
        }
        boolean tooSlow =
                windowEndMs != NO_WINDOW && reservedBytes > ByteBudget.SMALL_BYTES && windowBytes < WINDOW_BYTES_MIN;
        windowEndMs = nowMs + WINDOW_MS;
        windowBytes = 0;
        return tooSlow;
    }

    /** As {@link #isTooSlow(long, long, long, long)} of the frame under way in {@code input}. */
    public boolean isTooSlow(long nowMs, InputAssembly input) {
        return isTooSlow(nowMs, input.reservedBytes(), input.assemblies(), input.windowMs());
    }

    private boolean holdsUp(long nowMs, long windowMs) {
        if (windowMs == 0) {
            wantedEndMs = NO_WINDOW;
        } else if (wantedEndMs == NO_WINDOW) {
            wantedEndMs = nowMs + windowMs;
            wantedSinceMs = nowMs;
            wantedBytes = 0;
        } else if (nowMs >= wantedEndMs) {
            wantedEndMs = NO_WINDOW;
            return wantedBytes < (nowMs - wantedSinceMs) * WANTED_BYTES_PER_MS;
        }
        return false;
    }
}
