package dev.recado.replication;

import dev.recado.base.Check;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;

/**
 * The replicated log of one shard, with itself as the only voter for now: epochs, indexes, the durable mark and the
 * commit. Pure: no thread, clock or I/O; owned by the shard's home loop.
 *
 * <p>What the rules of replication ask of it already: a restarted log is a follower and leads only in a new epoch whose
 * promise is durable (I3, I4); the commit counts only entries of its own epoch that it has synced itself (I8); the
 * first entry of an epoch is a no-op, before whose commit nothing is confirmed; a completion of an older epoch is
 * ignored (I10). More voters add votes and followers' marks to {@link #onSynced}; the callers stay as they are.
 */
public final class ShardLog {

    /** Where the log stands between start and service. */
    public enum State {
        /** Knows its past, may not append. */
        FOLLOWER,
        /** A promise for the next epoch is on its way to the disk. */
        CANDIDATE,
        /** Appends; confirms once the first entry of the epoch is committed. */
        LEADER
    }

    private final int shard;
    private final LogClock clock;
    private State state = State.FOLLOWER;
    private long epoch;
    private long lastIndex;
    private long lastEpoch;
    private long durableIndex;
    private long commitIndex;
    private long firstIndexOfEpoch;
    private long commitEpoch;

    /**
     * A log as recovery found it.
     *
     * @param epoch highest epoch promised or seen, 0 for a new log
     * @param lastIndex index of the last entry, 0 for none
     * @param lastEpoch epoch of that entry
     * @param clock as of that entry
     */
    public ShardLog(int shard, long epoch, long lastIndex, long lastEpoch, LogClock clock) {
        Check.that(epoch >= lastEpoch, "epoch below that of the last entry", epoch, lastEpoch);
        this.shard = shard;
        this.epoch = epoch;
        this.lastIndex = lastIndex;
        this.lastEpoch = lastEpoch;
        this.clock = clock;
        durableIndex = lastIndex;
        commitIndex = lastIndex;
        commitEpoch = lastEpoch;
    }

    /** Recovery has read the next entry from the journal. */
    public void onRecovered(EntryHeader header) {
        Check.that(state == State.FOLLOWER, "only a follower recovers");
        Check.that(header.index() == lastIndex + 1, "recovered entry out of order", header.index(), lastIndex);
        lastIndex = header.index();
        lastEpoch = header.epoch();
        epoch = Math.max(epoch, lastEpoch);
        clock.onRecovered(header.type() == EntryType.NO_OP, header.publishTimeMs(), header.logTimeMs());
        durableIndex = lastIndex;
        commitIndex = lastIndex;
        commitEpoch = lastEpoch;
    }

    /** A repair passes over entries that are lost: the next one that is recovered has {@code index}. */
    public void onLost(long index) {
        Check.that(state == State.FOLLOWER, "only a follower recovers");
        Check.that(index > lastIndex, "nothing is lost before", index, lastIndex);
        lastIndex = index - 1;
    }

    /** Recovery has read a promise; epochs never go back. */
    public void onPromiseRecovered(long promised) {
        Check.that(state == State.FOLLOWER, "only a follower recovers");
        epoch = Math.max(epoch, promised);
    }

    /** Stands for the next epoch and answers it; its promise must be synced before {@link #onPromiseSynced}. */
    public long stand() {
        Check.that(state == State.FOLLOWER, "only a follower stands");
        state = State.CANDIDATE;
        epoch++;
        return epoch;
    }

    /**
     * The promise is durable; the only voter has granted: this log leads. The caller appends a no-op next. Answers as
     * {@link LogClock#start}.
     */
    public long onPromiseSynced(long promised, long wallMs, long monotonicMs) {
        Check.that(state == State.CANDIDATE && promised == epoch, "promise of another epoch", promised, epoch);
        state = State.LEADER;
        firstIndexOfEpoch = lastIndex + 1;
        return clock.start(wallMs, monotonicMs);
    }

    /** Takes the next index for an entry of {@code type}; the caller hands the entry to the journal in this order. */
    public EntryHeader append(EntryType type, long lamport, long wallMs, long monotonicMs) {
        Check.that(state == State.LEADER, "only a leader appends");
        boolean first = lastIndex + 1 == firstIndexOfEpoch;
        Check.that((type == EntryType.NO_OP) == first, "first entry of an epoch", lastIndex);
        long previousEpoch = lastEpoch;
        lastIndex++;
        lastEpoch = epoch;
        long stampMs = clock.stamp(first, wallMs, monotonicMs);
        return new EntryHeader(type, shard, lastIndex, epoch, previousEpoch, lamport, wallMs, stampMs);
    }

    /**
     * The journal has made everything up to {@code index}, appended in {@code syncedEpoch}, as durable as it asked for.
     *
     * @return the commit, which may have moved up
     */
    public long onSynced(long syncedEpoch, long index) {
        if (syncedEpoch != epoch) {
            return commitIndex;
        }
        Check.that(index >= durableIndex && index <= lastIndex, "synced outside the log", index, lastIndex);
        durableIndex = index;
        if (index >= firstIndexOfEpoch) {
            commitIndex = index;
            commitEpoch = epoch;
        }
        return commitIndex;
    }

    public State state() {
        return state;
    }

    public int shard() {
        return shard;
    }

    public long epoch() {
        return epoch;
    }

    public long lastIndex() {
        return lastIndex;
    }

    public long lastEpoch() {
        return lastEpoch;
    }

    public long durableIndex() {
        return durableIndex;
    }

    public long commitIndex() {
        return commitIndex;
    }

    /** Epoch of the entry at the commit. */
    public long commitEpoch() {
        return commitEpoch;
    }

    public LogClock clock() {
        return clock;
    }
}
