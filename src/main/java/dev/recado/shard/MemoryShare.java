package dev.recado.shard;

import dev.recado.base.SharedArrays;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One loop's share of the memory for memory topics and for the queues of pattern subscriptions. Owned by its loop.
 *
 * <p>Topics that refuse or stop their publishers when they are full are <b>firm</b>: admission bounds them. Topics that
 * drop their oldest, pattern queues among them, are <b>loose</b>: they have what the firm ones leave, and give up their
 * oldest ready messages when the share is used up, the largest first. So no publisher is refused or stopped because of
 * what a loose topic keeps ready; what loose topics have in hand is bounded by {@link #isCrowded} and {@link #isFull}.
 *
 * <p>An array that several pattern queues refer to counts once.
 */
public final class MemoryShare {

    /** A loose topic, which gives up what is ready. */
    interface Giver {
        /** Bytes that it holds; several queues of patterns may hold the same ones. */
        public long bytes();

        /** Every group keeps {@code bytesMax} ready at most, of 0 not even the newest message. */
        void giveDownTo(long bytesMax);
    }

    private final long bytesMax;
    private final Set<Giver> givers = new LinkedHashSet<>();
    private final SharedArrays shared = new SharedArrays();
    private long firmBytes;
    private long looseBytes;
    private long looseInHandBytes;

    MemoryShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long bytesMax() {
        return bytesMax;
    }

    public long bytes() {
        return firmBytes + looseBytes;
    }

    long firmBytes() {
        return firmBytes;
    }

    void add(boolean loose, long more) {
        if (loose) {
            looseBytes += more;
        } else {
            firmBytes += more;
        }
    }

    /** One more run of a pattern queue refers to {@code array}. */
    void hold(byte[] array) {
        looseBytes += shared.hold(array);
    }

    void letGo(byte[] array) {
        looseBytes -= shared.letGo(array);
    }

    /** What loose topics have handed out and not seen finished. */
    void looseInHand(long more) {
        looseInHandBytes += more;
    }

    /** Bytes that firm topics may still take behind {@code pending}; what is larger than the share goes alone. */
    long room(long pending) {
        if (bytes() + pending == 0) {
            return Long.MAX_VALUE;
        }
        return bytesMax - firmBytes - Math.min(looseBytes, looseInHandBytes) - pending;
    }

    /** Whether a loose topic shall hand out one message at a time only. */
    boolean isCrowded() {
        return bytes() >= bytesMax / 2 && looseInHandBytes >= bytesMax / 4;
    }

    /** Whether a loose topic shall hand out nothing. */
    boolean isFull() {
        return bytes() >= bytesMax / 2 && looseInHandBytes >= bytesMax / 2;
    }

    /** Whether finished messages shall not stay where they can go. */
    boolean isTight() {
        return bytes() > bytesMax / 2;
    }

    void join(Giver giver) {
        givers.add(giver);
    }

    void leave(Giver giver) {
        givers.remove(giver);
    }

    /**
     * Where the share is used up, loose topics give up their oldest ready messages until an eighth of it is free: those
     * above a level, which is halved until that is enough, so that who has little keeps it. The newest message of each
     * stays if it can; that of a topic which has nearly all there is stays in any case, though it alone be larger than
     * the share.
     */
    void reclaim() {
        if (bytes() <= bytesMax) {
            return;
        }
        long aim = bytesMax - bytesMax / 8;
        long level = 1;
        for (Giver giver : givers) {
            level = Math.max(level, giver.bytes());
        }
        while (bytes() > aim && level > 1) {
            level /= 2;
            giveDownTo(level, aim);
        }
        if (bytes() > bytesMax) {
            giveAll();
        }
    }

    private void giveAll() {
        List<Giver> largestFirst = new ArrayList<>(givers);
        largestFirst.sort(Comparator.comparingLong(Giver::bytes).reversed());
        for (Giver giver : largestFirst) {
            if (bytes() <= bytesMax) {
                return;
            }
            if (bytes() - giver.bytes() > bytesMax / 2) {
                giver.giveDownTo(0);
            }
        }
    }

    private void giveDownTo(long level, long aim) {
        for (Giver giver : givers.toArray(Giver[]::new)) {
            if (bytes() <= aim) {
                return;
            }
            if (giver.bytes() > level) {
                giver.giveDownTo(level);
            }
        }
    }
}
