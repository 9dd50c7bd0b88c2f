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
 * Firm topics that <b>spill</b> make room by going on in segments, before anybody has to wait for it.
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

    /** A firm topic that goes on in segments. */
    interface Spiller {
        /** Bytes that it holds. */
        long bytes();

        /** Has about {@code bytesMax} of its oldest bytes written; answers how many, which are told when gone. */
        long spill(long bytesMax);
    }

    /** What is given to the flusher at once, at most. */
    private static final long SPILL_BYTES_MAX = 8L * 1024 * 1024;

    private final long bytesMax;
    private final Set<Giver> givers = new LinkedHashSet<>();
    private final Set<Spiller> spillers = new LinkedHashSet<>();
    private final SharedArrays shared = new SharedArrays();
    private long firmBytes;
    private long looseBytes;
    private long looseInHandBytes;
    /** Given to the flusher and still here. */
    private long leavingBytes;
    /** What somebody would publish has no room of that size. */
    private long wantedBytes;
    /** There is nothing to spill, or was not when so much was taken. */
    private boolean spillsNothing;

    private long takenThen;

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
        return bytesMax - takenBytes() - pending;
    }

    /** The same for {@code run}; where that has no room, it is wanted. */
    long roomFor(PendingRun run, long pending) {
        long room = room(pending);
        if (room < run.bytes()) {
            wantedBytes = Math.max(wantedBytes, pending + run.firstLength());
        }
        return room;
    }

    /** By firm topics, and by what loose ones cannot give up. */
    private long takenBytes() {
        return firmBytes + Math.min(looseBytes, looseInHandBytes);
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

    void join(Spiller spiller) {
        spillers.add(spiller);
        spillsNothing = false;
    }

    void leave(Spiller spiller) {
        spillers.remove(spiller);
    }

    /** On a tick where somebody waits: spilling may work by now. */
    void lookAgain() {
        spillsNothing = false;
    }

    /** {@code bytes} that {@link Spiller#spill} has answered are written or given up. */
    void onSpilled(long bytes) {
        leavingBytes -= bytes;
        spillsNothing = false;
    }

    /**
     * Where three quarters of the share are taken, or somebody has no room, topics that spill have their oldest bytes
     * written until half of it is free, the largest first, so that who has little keeps it in memory. The next ones
     * follow when these are written.
     */
    void spill() {
        long wanted = wantedBytes;
        long taken = takenBytes();
        boolean isEnough = taken <= Math.min(bytesMax / 4 * 3, bytesMax - wanted);
        if (isEnough || leavingBytes > 0 || spillsNothing && taken <= takenThen + bytesMax / 16) {
            return;
        }
        wantedBytes = 0;
        long aim = Math.max(0, Math.min(bytesMax / 2, bytesMax - wanted));
        long left = Math.min(taken - aim, Math.max(1, Math.min(SPILL_BYTES_MAX, bytesMax / 4)));
        List<Spiller> largestFirst = new ArrayList<>(spillers);
        largestFirst.removeIf(spiller -> spiller.bytes() == 0);
        largestFirst.sort(Comparator.comparingLong(Spiller::bytes).reversed());
        for (Spiller spiller : largestFirst) {
            if (left <= 0) {
                break;
            }
            long leaving = spiller.spill(left);
            left -= leaving;
            leavingBytes += leaving;
        }
        spillsNothing = leavingBytes == 0;
        takenThen = taken;
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
