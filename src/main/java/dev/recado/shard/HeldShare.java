package dev.recado.shard;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the groups of a node take for what they have in hand, passed or finished out of order; not the
 * messages themselves. One group may take half of what the others leave, so one alone takes half of the whole, two a
 * third each, and a small one always finds room. Safe for any thread.
 */
public final class HeldShare {

    /** So much each group may take, whatever others do. */
    static final long BYTES_OF_GROUP_MIN = 4 * 1024;

    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger heldBack = new AtomicInteger();

    public HeldShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void add(long more) {
        bytes.addAndGet(more);
    }

    /** One more group, or with -1 one fewer, hands out nothing new because of its bound. */
    void heldBack(int change) {
        heldBack.addAndGet(change);
    }

    /** How much a group may take that has counted {@code own} here. */
    long ofGroup(long own) {
        return Math.max(BYTES_OF_GROUP_MIN, (bytesMax - bytes.get() + own) / 2);
    }

    public long bytes() {
        return bytes.get();
    }

    public long bytesMax() {
        return bytesMax;
    }

    /** Groups, on one partition each, that hand out nothing new because of their bound. */
    public int heldBackCount() {
        return heldBack.get();
    }
}
