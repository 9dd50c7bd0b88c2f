package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.BacklogLimit;
import dev.recado.core.topic.ByteMarks;
import dev.recado.core.topic.RateMeter;
import dev.recado.core.topic.TopicKind;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What of a partition is unfinished, in messages and bytes, for its limits, and how fast it grows. Owned by the
 * partition's loop.
 *
 * <p>It is what the group that needs most needs: of a log all that it has not finished, of a queue what nobody holds;
 * where there is no group, everything from {@link #floor} on. Of a durable topic bytes are those of segments, from the
 * group's first unfinished message to the end, times the share of the messages there that count: exact where there are
 * no holes. Of a memory topic they are those of the messages. What is on its way to the disk counts too.
 */
final class Backlog {

    /** More than that part of itself a number of bytes along a line is hardly ever wrong. */
    private static final long UNCERTAIN_PART = 16;
    /** Read at most for a limit that comes to a topic at work. */
    private static final long ALTER_READ_BYTES_MAX = 128L * 1024 * 1024;

    private static final long NEVER = Long.MIN_VALUE;

    private final PartitionOwner owner;
    /** Made for the first message: of a topic that is not written to nothing is measured. */
    private @Nullable RateMeter rate;

    /** Behind what was here before this run of the node, and since when that has been looked at. */
    private long recoveredEnd;

    private long beganMs = NEVER;
    /** Where there is a limit of bytes. */
    private @Nullable ByteMarks marks;
    /** What reads segments for a limit that is new; null where none is under way. */
    private Measuring.@Nullable Wish measuring;

    private long wishes;

    private BacklogLimit limit;
    private long inflightBytes;
    /** What was finished when the last group ended. */
    private long finishedBelow;

    /** Made when somebody asks. */
    private @Nullable OldestTimes oldest;

    private long dropped;
    private long expired;

    Backlog(PartitionOwner owner) {
        this.owner = owner;
        limit = limitNow();
        marks = wantsMarks() ? new ByteMarks() : null;
    }

    private boolean wantsMarks() {
        return limit.bytesMax() > 0 && !owner.inMemoryOnly();
    }

    private BacklogLimit limitNow() {
        return BacklogLimit.of(
                owner.topic().settings(), Math.max(0, owner.partition().index()));
    }

    /** The topic's settings are new. While the log is replayed segments are ahead of it and tell nothing yet. */
    void onSettings() {
        limit = limitNow();
        if (owner.shard().isWorking() && wantsMarks() != (marks != null)) {
            measuring = null;
            marks = wantsMarks() ? places(new Measuring(owner.view().stored(), wish(0))) : null;
            if (marks != null) {
                measure();
            }
        }
    }

    private Measuring.Wish wish(long readBytesMax) {
        return new Measuring.Wish(owner.partition().id(), ++wishes, stands(), readBytesMax);
    }

    private long[] stands() {
        if (owner.groups().isEmpty()) {
            return new long[] {floor()};
        }
        return Arrays.stream(owner.groups().counted())
                .map(GroupOwner::group)
                .flatMapToLong(group -> LongStream.of(group.floor(), group.cursor()))
                .sorted()
                .toArray();
    }

    private ByteMarks places(Measuring all) {
        all.segments();
        return all.places(owner.tail());
    }

    /** Reads where groups stand, away from the loop: until then ends of segments are all that is known of these. */
    private void measure() {
        Measuring.Wish wish = wish(ALTER_READ_BYTES_MAX);
        measuring = wish;
        owner.effects().measure(owner.partition().shard(), wish);
    }

    /** {@link ShardEffects#measure} has done {@code done}. */
    void onMeasured(Measuring done) {
        if (measuring != null && measuring.number() == done.wish().number() && !owner.closing()) {
            measuring = null;
            marks = done.places(owner.tail());
            owner.markDirty();
        }
    }

    BacklogLimit limit() {
        return limit;
    }

    /** Bytes that count of a run of its own with {@code run}'s messages. */
    long sizeOf(PendingRun run) {
        return run.bytes() + headOf(run);
    }

    /** Of {@link #sizeOf}, what does not depend on the messages. */
    long headOf(PendingRun run) {
        return owner.inMemoryOnly()
                ? 0
                : run.storedBytes() - run.bytes() + owner.view().stored().headBytes();
    }

    /** A run got its offsets; of a durable topic it goes to the disk. */
    void onTaken(PendingRun run) {
        if (!owner.inMemoryOnly()) {
            inflightBytes += sizeOf(run);
        }
    }

    /** {@code taken}: {@link #onTaken} told of it. */
    void onCommitted(StoredRun run, boolean taken) {
        if (owner.inMemoryOnly()) {
            return;
        }
        long bytes = owner.view().stored().bytesOf(run);
        inflightBytes -= taken ? bytes : 0;
        if (marks != null) {
            marks.add(run.baseOffset(), run.endOffset(), bytes);
        }
    }

    /**
     * Behind the recovery, on a thread that may wait for a disk. Reads the segments in which groups stand, as far as
     * they are together no longer than {@code readBytesMax}, and answers how many bytes these have.
     */
    long onRecovered(long readBytesMax) {
        recoveredEnd = owner.end();
        if (!wantsMarks()) {
            marks = null;
            return 0;
        }
        Measuring all = new Measuring(owner.view().stored(), wish(readBytesMax));
        marks = places(all);
        return all.readBytes();
    }

    /** The rate counts from the first call on. */
    void onTick(long nowMs) {
        long end = owner.end();
        RateMeter known = rate;
        if (known == null) {
            beganMs = beganMs == NEVER ? nowMs : beganMs;
            if (end == recoveredEnd) {
                return;
            }
            known = new RateMeter();
            rate = known;
            known.onTick(recoveredEnd, beganMs);
        }
        known.onTick(end, nowMs);
    }

    /** When the rate wants the next {@link #onTick}. */
    long dueMs() {
        return rate == null ? Long.MAX_VALUE : rate.dueMs(owner.end());
    }

    /** Messages that come a second, over the last 10 to 20 s. */
    double perSecond(long nowMs) {
        if (rate != null) {
            return rate.perSecond(owner.end(), nowMs);
        }
        return beganMs == NEVER || nowMs <= beganMs ? 0 : (owner.end() - recoveredEnd) * 1_000.0 / (nowMs - beganMs);
    }

    /** Nobody needs anything below {@code offset}. */
    void dropBelow(long offset) {
        if (marks != null) {
            marks.dropBelow(offset);
        }
    }

    /** Where what is unfinished begins while there is no group. */
    long floor() {
        return Math.max(owner.logStart(), finishedBelow);
    }

    /** Everything below {@code offset} stays finished though no group is left that has finished it. */
    void finishedBelow(long offset) {
        finishedBelow = Math.max(finishedBelow, Math.min(offset, owner.end()));
    }

    /** As {@link #finishedBelow(long)} said; 0 where no group ever ended. */
    long finishedBelow() {
        return finishedBelow;
    }

    /** Messages were given up for {@code overflow=drop-oldest}, each counted for every group that had it left. */
    void onDropped(long messages) {
        dropped += messages;
        owner.shard().loop().counters().dropped(messages);
    }

    /** As {@link #onDropped} for messages that lived for longer than they may. */
    void onExpired(long messages) {
        expired += messages;
        owner.shard().loop().counters().expired(messages);
    }

    /** Since the start of the broker. */
    long dropped() {
        return dropped;
    }

    /** Since the start of the broker. */
    long expired() {
        return expired;
    }

    /** Messages that some group has not finished; where there is no group, all that none had finished. */
    long unfinished() {
        return owner.groups().isEmpty() ? owner.end() - floor() : owner.groups().backlog();
    }

    /** When the first of them were published. */
    OldestTimes oldest() {
        OldestTimes times = oldest == null ? new OldestTimes(owner) : oldest;
        oldest = times;
        return times;
    }

    /** Messages that count against the limits. */
    long messages() {
        long most = owner.groups().isEmpty() ? owner.end() - floor() : 0;
        for (GroupOwner group : owner.groups().counted()) {
            most = Math.max(most, counted(group.group()));
        }
        return owner.nextOffset() - owner.end() + most;
    }

    private long counted(PartitionGroup group) {
        return isQueue() ? group.ready() : group.backlog();
    }

    private boolean isQueue() {
        return owner.topic().settings().kind() == TopicKind.QUEUE;
    }

    /** Bytes that count against the limits. */
    long bytes() {
        long most = owner.groups().isEmpty() ? bytesFrom(floor()) : 0;
        for (GroupOwner group : owner.groups().counted()) {
            most = Math.max(most, owner.inMemoryOnly() ? bytesInMemory(group) : bytesStored(group.group()));
        }
        return inflightBytes + most;
    }

    /** Whether what counts of one group takes {@code bytesMax} at most; as {@link #isBelow} where that is a guess. */
    boolean isWithin(GroupOwner group, long bytesMax) {
        if (owner.inMemoryOnly()) {
            return bytesInMemory(group) <= bytesMax;
        }
        boolean exact = isExact(group.group().floor());
        return !exact && measuring != null
                || bytesStored(group.group()) <= (exact ? bytesMax : bytesMax + bytesMax / UNCERTAIN_PART);
    }

    private long bytesStored(PartitionGroup group) {
        long span = owner.end() - group.floor();
        long counted = counted(group);
        long bytes = counted == 0 ? 0 : bytesFrom(group.floor());
        return counted == span ? bytes : (long) Math.ceil((double) bytes * counted / span);
    }

    private long bytesInMemory(GroupOwner group) {
        long inHand = group.needs().inHandBytes();
        if (isQueue() && inHand > 0) {
            long count = group.needs().inHandCount();
            inHand = inHand
                    / Math.max(1, count)
                    * Math.max(0, count - group.group().leased());
        }
        return bytesFrom(group.group().cursor()) + inHand;
    }

    /**
     * Whether what is committed at and above {@code offset} takes no more than {@code bytesMax}. Where only segments
     * hold the place, a part of it more is let pass, and anything while they are being read: what was within a limit
     * stays so, though it is told along a line.
     */
    boolean isBelow(long offset, long bytesMax) {
        boolean exact = isExact(offset);
        return !exact && measuring != null
                || bytesFrom(offset) <= (exact ? bytesMax : bytesMax + bytesMax / UNCERTAIN_PART);
    }

    private boolean isExact(long offset) {
        return owner.inMemoryOnly()
                ? !owner.spill().holds(offset)
                : marks == null || owner.tail().measures(offset);
    }

    /** Committed bytes at and above {@code offset}: exact in memory, along a line between two places in segments. */
    long bytesFrom(long offset) {
        if (isExact(offset)) {
            return owner.tail().bytesFrom(offset);
        }
        return owner.inMemoryOnly()
                ? owner.spill().bytesFrom(offset)
                : Objects.requireNonNull(marks).from(offset);
    }

    /** The lowest offset from which on all messages take at most {@code bytesMax}; the last or the end for none. */
    long firstWithin(long bytesMax) {
        if (owner.inMemoryOnly()) {
            return owner.spill().firstWithin(bytesMax);
        }
        Tail tail = owner.tail();
        return marks == null || tail.bytesFrom(tail.runsStart()) >= bytesMax
                ? tail.firstWithin(bytesMax)
                : marks.firstWithin(bytesMax);
    }
}
