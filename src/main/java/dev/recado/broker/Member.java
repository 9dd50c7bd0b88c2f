package dev.recado.broker;

import org.jspecify.annotations.Nullable;

/** One subscription's place in a group of one partition, as the owner sees it. Owned by the partition's loop. */
final class Member {

    private static final long ASK_EVERY_MS = 10;

    private final LoopSubscription subscription;
    private final int slot;
    private final boolean pulls;
    private @Nullable DeliveryBatch batch;
    private int batchExpected = 8;
    private long handedBytes;
    private boolean paused;
    private long notifiedCount;
    private long notifiedAtMs;
    private long askedAtMs;

    Member(LoopSubscription subscription, int slot, boolean pulls) {
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

    /** Counts bytes handed over; answers whether the bound is reached by that. */
    boolean onHanded(int bytes, long max) {
        handedBytes += bytes;
        if (!paused && handedBytes >= max) {
            paused = true;
            return true;
        }
        return false;
    }

    /** The socket took {@code bytes}; answers whether deliveries may go on again. */
    boolean onWritten(long bytes, long max) {
        handedBytes = Math.max(0, handedBytes - bytes);
        if (paused && handedBytes < max) {
            paused = false;
            return true;
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
