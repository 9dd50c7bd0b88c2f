package dev.recado.shard;

/**
 * What all publishes that wait for room at the partitions of one loop may hold, but for those of sessions that wait
 * however long it takes: these are not read meanwhile. Owned by its loop.
 */
public final class ParkedShare {

    private final long bytesMax;
    private long bytes;

    ParkedShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public long bytes() {
        return bytes;
    }

    /** Whether {@code more} bytes have room. */
    boolean takes(long more) {
        return bytes + more <= bytesMax;
    }

    void add(long more) {
        bytes += more;
    }
}
