package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.ClockPair;
import dev.recado.base.TimeSource;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;
import dev.recado.replication.LogClock;
import dev.recado.replication.ShardLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log clock of one shard, read by the node's clocks: the only time that ages are counted in. Owned by the shard's
 * loop but for {@link #nowMs}.
 *
 * <p>Body of a {@code CLOCK} entry: nothing, where it only tells the time; else a pause: the stamp before which
 * everything is older by it (long), its length in ms (long).
 */
public final class ShardClock {

    private static final Logger LOG = LoggerFactory.getLogger(ShardClock.class);

    /** A pause that counts from now on: everything stamped before {@code fromMs} is {@code ms} older. */
    record Pause(long fromMs, long ms) {}

    private final ShardView view;
    private final ShardLog log;
    private final TimeSource time;
    /** Read anew for whatever compares the two: what lay between them would be time that passed, or did not. */
    private final ClockPair clocks;

    ShardClock(ShardView view, ShardLog log) {
        this.view = view;
        this.log = log;
        this.time = view.time();
        this.clocks = new ClockPair(time);
    }

    /** As {@link LogClock#nowMs}. Any thread. */
    public long nowMs() {
        return log.clock().nowMs(time.monotonicMs());
    }

    /** As {@link LogClock#ageMs}. */
    long ageMs(long stampMs) {
        return log.clock().ageMs(stampMs, time.monotonicMs());
    }

    /** Whether what was stamped so has lived for {@code ttlMs}; with -1 it lives for ever. */
    boolean isOver(long stampMs, long ttlMs) {
        return ttlMs >= 0 && ageMs(stampMs) >= ttlMs;
    }

    /** As {@link LogClock#stampOfAge}. */
    public long stampOfAge(long ageMs) {
        return log.clock().stampOfAge(ageMs, time.monotonicMs());
    }

    /** The header of an entry of a memory topic, which no log holds. */
    EntryHeader memoryHeader() {
        return new EntryHeader(EntryType.DATA, log.shard(), 0, 0, 0, view.nextLamport(), time.wallMs(), nowMs());
    }

    /** The shard leads; answers as {@link LogClock#start}. */
    public long lead(long promised) {
        return log.onPromiseSynced(promised, clocks.now().wallMs(), clocks.monotonicMs());
    }

    /** The header of the next entry of the log. */
    EntryHeader nextHeader(EntryType type) {
        return log.append(type, view.nextLamport(), clocks.now().wallMs(), clocks.monotonicMs());
    }

    void encode(ByteWriter out) {
        log.clock().encode(out, clocks.now().wallMs(), clocks.monotonicMs());
    }

    /** A pause that has waited for long enough and counts from now on; null where there is none. */
    @Nullable
    Pause look() {
        if (log.state() != ShardLog.State.LEADER) {
            return null;
        }
        long pauseMs = log.clock().look(clocks.now().wallMs(), clocks.monotonicMs());
        if (pauseMs <= 0) {
            return null;
        }
        LOG.info("a pause counts towards ages from now on shard={} ms={}", log.shard(), pauseMs);
        return new Pause(log.clock().lastPauseFromMs(), pauseMs);
    }

    /** Whether the log is to be told the time, where nothing else tells it. */
    boolean wantsStamp() {
        return log.state() == ShardLog.State.LEADER
                && log.clock().wantsStamp(clocks.now().wallMs(), clocks.monotonicMs());
    }

    /** The body of a {@code CLOCK} entry. */
    static byte[] body(@Nullable Pause pause) {
        ByteWriter body = new ByteWriter(16);
        if (pause != null) {
            body.putLong(pause.fromMs()).putLong(pause.ms());
        }
        return body.toByteArray();
    }

    /** Applies a {@code CLOCK} entry during recovery. */
    void apply(ByteReader in) {
        if (in.remaining() > 0) {
            log.clock().onPauseRecovered(in.readLong(), in.readLong());
        }
    }
}
