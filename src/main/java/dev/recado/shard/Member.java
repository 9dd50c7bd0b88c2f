package dev.recado.shard;

import dev.recado.base.TakingWatch;
import dev.recado.core.message.DeliveryBatch;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One subscription's place in a group of one partition, as the owner sees it. Owned by the partition's loop. */
final class Member {

    /** Partition {@code asker} wants the member alone; its {@code question} is answered once nothing is held here. */
    record Reservation(int asker, long question) {}

    private static final long ASK_EVERY_MS = 10;
    private static final long NOTIFY_EVERY_MS = 1_000;

    private final MemberPort port;
    private final Receipts session;
    private final MemberTraits traits;
    private final int slot;
    private final long number;
    private final HandedShare share;
    private @Nullable DeliveryBatch batch;
    private int batchExpected = 8;
    private long handedBytes;
    private long largeBytes;
    private final ArrayDeque<LargeOne> large = new ArrayDeque<>(0);
    private final TakingWatch taking = new TakingWatch();
    private boolean paused;
    private boolean ceased;
    private long notifiedCount;
    private long notifiedAtMs;
    private long askedAtMs;
    private boolean silenceTold;
    /** Number of its question to have the member alone, 0 where none is open. */
    private long asksAlone;

    private boolean hadAlone;
    /** What is left of the credit of a member that spends it, as of the last turn. */
    private int unspent;

    /** Another partition's wish to have it alone, which is told once it holds nothing here. */
    private @Nullable Reservation reserved;

    /** Pulls that wait; a session has a bounded number of them. */
    private final ArrayDeque<Runnable> later = new ArrayDeque<>(0);

    /** A large message that was handed over. */
    private record LargeOne(byte[] array, int bytes) {}

    Member(MemberPort port, Receipts session, MemberTraits traits, int slot, long number, HandedShare share) {
        this.port = port;
        this.session = session;
        this.traits = traits;
        this.slot = slot;
        this.number = number;
        this.share = share;
    }

    /** Its subscription, in its session. */
    MemberPort port() {
        return port;
    }

    /** What its session publishes is answered there. */
    Receipts session() {
        return session;
    }

    MemberTraits traits() {
        return traits;
    }

    /** No other member of the group ever had it. */
    long number() {
        return number;
    }

    int slot() {
        return slot;
    }

    boolean pulls() {
        return traits.pulls();
    }

    boolean spends() {
        return traits.spends();
    }

    int unspent() {
        return unspent;
    }

    void unspent(int messages) {
        unspent = messages;
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

    /** Whether it was handed as much as it may before its socket has taken some. */
    boolean isPaused() {
        return paused;
    }

    /** Whether it is handed nothing more and keeps what it holds. */
    boolean hasCeased() {
        return ceased;
    }

    /** From now on it is handed nothing; pulls that wait are answered so. */
    void cease() {
        ceased = true;
        runLater();
    }

    /** Of what it was handed, what its socket has not taken. */
    long handedBytes() {
        return handedBytes;
    }

    /** Counts a message of {@code array} handed over; answers whether the bound is reached by that. */
    boolean onHanded(byte[] array, int bytes, long max) {
        if (HandedShare.isLarge(bytes)) {
            large.add(new LargeOne(array, bytes));
            largeBytes += bytes;
        } else {
            share.add(bytes);
        }
        handedBytes += bytes;
        if (!paused && handedBytes >= share.ofMember(max)) {
            paused = true;
            return true;
        }
        return false;
    }

    /** Whether what it was handed is counted message by message. */
    boolean holdsLarge() {
        return largeBytes > 0;
    }

    /** The socket took {@code bytes}; answers whether deliveries may go on again. */
    boolean onWritten(long bytes, long max) {
        taking.onTaken(bytes);
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
        long small = bytes;
        while (largeBytes > handedBytes) {
            LargeOne gone = large.remove();
            largeBytes -= gone.bytes();
            small -= gone.bytes();
            share.letGo(gone.array());
        }
        share.remove(small);
    }

    /**
     * Whether it holds a large message, others wait for the memory, and it has not taken at 1 MiB/s what it held when
     * they began to. Called on each tick.
     */
    boolean isInTheWay(long nowMs) {
        return taking.isInTheWay(nowMs, share.isWanted(), largeBytes == 0 ? 0 : handedBytes);
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
        if (!turned && (count <= notifiedCount || nowMs - notifiedAtMs < NOTIFY_EVERY_MS)) {
            return false;
        }
        notifiedCount = count;
        notifiedAtMs = nowMs;
        return true;
    }

    /** When {@link #shallNotify} may say so of {@code count}. */
    long notifyAtMs(long count) {
        if (count == 0 || count <= notifiedCount) {
            return DueTimes.NEVER;
        }
        return notifiedCount == 0 ? DueTimes.NEXT_TICK : notifiedAtMs + NOTIFY_EVERY_MS;
    }

    /** Whether {@link GroupOwner} may ask for credit from other partitions again. */
    boolean shallAsk(long nowMs) {
        if (nowMs - askedAtMs < ASK_EVERY_MS) {
            return false;
        }
        askedAtMs = nowMs;
        return true;
    }

    /** Notes whether the subscription's other partitions know that it is silent; answers whether they did. */
    boolean silenceTold(boolean now) {
        boolean before = silenceTold;
        silenceTold = now;
        return before;
    }

    /** Keeps a pull until the member may be given something. */
    void later(Runnable pull) {
        later.add(pull);
    }

    boolean hasLater() {
        return !later.isEmpty();
    }

    void runLater() {
        for (int pulls = later.size(); pulls > 0; pulls--) {
            later.remove().run();
        }
    }

    long asksAlone() {
        return asksAlone;
    }

    void asksAlone(long question) {
        asksAlone = question;
        hadAlone = false;
    }

    /** Whether what was asked for is in use, or still wanted and was not used yet. */
    boolean usesAlone(boolean holdsAlone, boolean wanted) {
        hadAlone |= holdsAlone;
        return holdsAlone || wanted && !hadAlone;
    }

    /** Keeps who is to be told once the member holds nothing; null for nobody. */
    void reserved(@Nullable Reservation by) {
        reserved = by;
    }

    void onEmpty() {
        Reservation by = reserved;
        if (by != null) {
            reserved = null;
            port.onEmpty(by.asker(), by.question());
        }
    }
}
