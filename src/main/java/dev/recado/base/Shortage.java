package dev.recado.base;

/**
 * What a bounded share had no room for last, where nobody waits in a queue for it: as long as there is still none,
 * whoever holds something is asked to be taking it ({@link TakingWatch}). One owner.
 */
public final class Shortage {

    private long bytes;

    /** So much found no room. */
    public void onRefused(long wanted) {
        bytes = Math.max(bytes, wanted);
    }

    /** Whether there is still no room for it; where there is once, it is forgotten. To be asked on each release too. */
    public boolean lasts(long usedBytes, long bytesMax) {
        if (usedBytes + bytes <= bytesMax || usedBytes == 0) {
            bytes = 0;
        }
        return bytes > 0;
    }
}
