package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.TimeSource;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;
import dev.recado.replication.LogClock;
import dev.recado.replication.ShardLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log clock of one shard, read by the node's clocks: the only time that ages are counted in. Owned by the shard's
 * loop but for {@link #nowMs}.
 *
 * <p>Body of a {@code CLOCK} entry: nothing, where it only tells the time; else a pause: the stamp before which
 * everything is older by it (long), its length in ms (long).
 */
final class ShardClock {

    private static final Logger LOG = LoggerFactory.getLogger(ShardClock.class);

    private final ShardOwner shard;
    private final TimeSource time;

    ShardClock(ShardOwner shard) {
        this.shard = shard;
        this.time = shard.view().time();
    }

    /** As {@link LogClock#nowMs}. Any thread. */
    long nowMs() {
        return shard.log().clock().nowMs(time.monotonicMs());
    }

    /** As {@link LogClock#ageMs}. */
    long ageMs(long stampMs) {
        return shard.log().clock().ageMs(stampMs, time.monotonicMs());
    }

    /** Whether what was stamped so has lived for {@code ttlMs}; with -1 it lives for ever. */
    boolean isOver(long stampMs, long ttlMs) {
        return ttlMs >= 0 && ageMs(stampMs) >= ttlMs;
    }

    /** As {@link LogClock#stampOfAge}. */
    long stampOfAge(long ageMs) {
        return shard.log().clock().stampOfAge(ageMs, time.monotonicMs());
    }

    /** The header of an entry of a memory topic, which no log holds. */
    EntryHeader memoryHeader() {
        return new EntryHeader(
                EntryType.DATA, shard.log().shard(), 0, 0, 0, shard.view().nextLamport(), time.wallMs(), nowMs());
    }

    /** The shard leads; answers as {@link LogClock#start}. */
    long lead(long promised) {
        return shard.log().onPromiseSynced(promised, time.wallMs(), time.monotonicMs());
    }

    /** The header of the next entry of the log. */
    EntryHeader nextHeader(EntryType type) {
        return shard.log().append(type, shard.view().nextLamport(), time.wallMs(), time.monotonicMs());
    }

    void encode(ByteWriter out) {
        shard.log().clock().encode(out, time.wallMs(), time.monotonicMs());
    }

    /** Counts a pause that has waited for long enough, and tells the log of the time where nothing else does. */
    void onTick(long nowMs) {
        ShardLog log = shard.log();
        if (log.state() != ShardLog.State.LEADER) {
            return;
        }
        LogClock clock = log.clock();
        long wallMs = time.wallMs();
        long pauseMs = clock.look(wallMs, nowMs);
        ByteWriter body = new ByteWriter(16);
        if (pauseMs > 0) {
            LOG.info("a pause counts towards ages from now on shard={} ms={}", log.shard(), pauseMs);
            body.putLong(clock.lastPauseFromMs()).putLong(pauseMs);
            shard.forEachGroup(group -> group.onPause(clock.lastPauseFromMs(), pauseMs));
        }
        if (pauseMs > 0 || clock.wantsStamp(wallMs, nowMs) && shard.inflightBytes() == 0) {
            shard.propose(EntryType.CLOCK, body.toByteArray(), Proposed.NOTHING);
        }
    }

    /** Applies a {@code CLOCK} entry during recovery. */
    static void apply(ShardOwner shard, ByteReader in) {
        if (in.remaining() > 0) {
            shard.log().clock().onPauseRecovered(in.readLong(), in.readLong());
        }
    }
}
