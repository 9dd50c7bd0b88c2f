package dev.recado.broker;

import org.jspecify.annotations.Nullable;

/** One subscription's place in a group of one partition, as the owner sees it. Owned by the partition's loop. */
final class Member {

    private static final long ASK_EVERY_MS = 10;
    /** A member takes what it holds at 1 MiB/s, and 5 s besides, while others wait for the memory. */
    private static final long WANTED_BYTES_PER_S = 1024 * 1024;

    private static final long WANTED_GRACE_MS = 5_000;
    private static final long NO_WINDOW = Long.MAX_VALUE;

    private final LoopSubscription subscription;
    private final int slot;
    private final boolean pulls;
    private final HandedShare share;
    private @Nullable DeliveryBatch batch;
    private int batchExpected = 8;
    private long handedBytes;
    private long largeBytes;
    private long wantedEndMs = NO_WINDOW;
    /** What it has yet to take of what it held when others began to wait. */
    private long wantedBytes;

    private boolean paused;
    private long notifiedCount;
    private long notifiedAtMs;
    private long askedAtMs;

    Member(LoopSubscription subscription, int slot, boolean pulls, HandedShare share) {
        this.share = share;
        this.subscription = subscription;
        this.slot = slot;
        this.pulls = pulls;
    }

    LoopSubscription subscription() {
        return subscription;
    }

    int slot() {
        return slot;
    }

    boolean pulls() {
        return pulls;
    }

    /** The list that gathers this turn's deliveries. */
    DeliveryBatch batch(int partitionIndex) {
        DeliveryBatch current = batch;
        if (current == null) {
            current = new DeliveryBatch(partitionIndex, batchExpected);
            batch = current;
        }
        return current;
    }

    @Nullable
    DeliveryBatch takeBatch() {
        DeliveryBatch taken = batch;
        batch = null;
        if (taken != null) {
            // A little more than the mean of late: growing costs more than what is left empty.
            batchExpected = Math.max(8, (batchExpected * 3 + taken.size() * 3 / 2) / 4);
        }
        return taken;
    }

    /** Counts a message handed over; answers whether the bound is reached by that. */
    boolean onHanded(int bytes, long max) {
        int large = bytes > HandedShare.LARGE_BYTES ? bytes : 0;
        handedBytes += bytes;
        largeBytes += large;
        share.add(bytes);
        if (!paused && handedBytes >= share.ofMember(max)) {
            paused = true;
            return true;
        }
        return false;
    }

    /** The socket took {@code bytes}; answers whether deliveries may go on again. */
    boolean onWritten(long bytes, long max) {
        wantedBytes -= bytes;
        release(Math.min(bytes, handedBytes));
        if (paused && handedBytes < share.ofMember(max)) {
            paused = false;
            return true;
        }
        return false;
    }

    /** It takes nothing more. */
    void end() {
        release(handedBytes);
    }

    /** What is written of large messages shows once no more can be left of them. */
    private void release(long bytes) {
        handedBytes -= bytes;
        long large = Math.max(0, largeBytes - handedBytes);
        largeBytes -= large;
        share.remove(bytes, large);
    }

    /**
     * Whether it holds a large message, others wait for the memory, and it has not taken at 1 MiB/s what it held when
     * they began to. Called on each tick.
     */
    boolean isInTheWay(long nowMs) {
        if (largeBytes == 0 || !share.isWanted()) {
            wantedEndMs = NO_WINDOW;
        } else if (wantedEndMs == NO_WINDOW) {
            wantedEndMs = nowMs + WANTED_GRACE_MS + handedBytes * 1_000 / WANTED_BYTES_PER_S;
            wantedBytes = handedBytes;
        } else if (nowMs >= wantedEndMs) {
            wantedEndMs = NO_WINDOW;
            return wantedBytes > 0;
        }
        return false;
    }

    /**
     * Whether to tell a pulling member that {@code count} messages wait: on turning non-empty, then at most each
     * second.
     */
    boolean shallNotify(long count, long nowMs) {
        if (count == 0) {
            notifiedCount = 0;
            return false;
        }
        boolean turned = notifiedCount == 0;
        if (!turned && (count <= notifiedCount || nowMs - notifiedAtMs < 1_000)) {
            return false;
        }
        notifiedCount = count;
        notifiedAtMs = nowMs;
        return true;
    }

    /** Whether {@link GroupOwner} may ask for credit from other partitions again. */
    boolean shallAsk(long nowMs) {
        if (nowMs - askedAtMs < ASK_EVERY_MS) {
            return false;
        }
        askedAtMs = nowMs;
        return true;
    }
}
