package dev.recado.replication;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.Arrays;

/**
 * The time by which everything in one shard's log grows old: milliseconds that rise from entry to entry by what the
 * leader's monotonic clock measured, whatever its wall clock does meanwhile. Stands at the wall clock when a log begins
 * and may lie before or behind it later; only ages mean something.
 *
 * <p>A leader begins with the time that, by its wall clock, has passed since the last entry, but no later than that
 * clock: one that was behind for a while and was put right has not let time pass. More than {@link
 * #AT_ONCE_MS_MAX} of that may be a wrong clock: it waits until it has stood for {@link #STANDS_MS}. By then entries
 * have been stamped that are not that old, so it becomes a <i>pause</i>: it is added to the age of what was stamped
 * before it began to wait, and to nothing else.
 *
 * <p>All of that follows from the log: {@link #gapMs} is by how much the wall clock was ahead at the last entry that
 * did not wait; the first entry of an epoch waits where it shows a jump, the ones behind it as long as they do; and a
 * pause is written down. Changes and ages belong to the owner of the log; {@link #nowMs} may be asked by any thread.
 *
 * <pre>
 * in a state   long timeMs, long gapMs, byte waits (0 or 1), long waitsFromMs,
 *              varint pauses, each: long fromMs, long lengthMs; the oldest first
 * </pre>
 */
public final class LogClock {

    /** Time between two leaders that counts at once: 1 h. */
    public static final long AT_ONCE_MS_MAX = 3_600_000;
    /** More than that counts when the wall clock has said so for 10 min. */
    public static final long STANDS_MS = 600_000;
    /** Pauses that are remembered; where there are more, the two oldest become one. */
    public static final int PAUSES_MAX = 1_024;
    /** A change of the wall clock beyond that while time waits makes it wait anew. */
    private static final long SAME_MS = 60_000;
    /** An idle log is stamped that often, so that the time since its last entry stays below what counts at once. */
    private static final long IDLE_MS_MAX = AT_ONCE_MS_MAX / 2;
    /** Least time between two stamps for the sake of the clock alone. */
    private static final long STAMP_PAUSE_MS = 1_000;

    private static final long[] NONE = {};

    private boolean begun;
    private long gapMs;
    private long lastGapMs;
    private boolean waits;
    private long waitsFromMs;
    private long[] pauseFromMs = NONE;
    private long[] pauseMs = NONE;

    /** Of the leader only. */
    private boolean pending;

    /** It does not wait any longer, and no entry shows that yet. */
    private boolean untold;

    private long pendingMs;
    private long pendingSinceMs;
    private long stampedAtMs;
    private volatile boolean running;
    private volatile long timeMs;
    /** What is to be added to the monotonic clock, while running. */
    private volatile long aheadMs;

    /** The clock of a log without entries. */
    public LogClock() {}

    /** The clock of a log whose last entry was stamped with {@code timeMs} by a wall clock that showed the same. */
    public LogClock(long timeMs) {
        begun = timeMs > 0;
        this.timeMs = timeMs;
    }

    /** The clock of a log that one leader has from its beginning to its end. */
    public static LogClock started(long wallMs, long monotonicMs) {
        LogClock clock = new LogClock();
        clock.start(wallMs, monotonicMs);
        return clock;
    }

    /**
     * Recovery has read an entry.
     *
     * @param first whether it is the first of its epoch
     */
    public void onRecovered(boolean first, long wallMs, long stampMs) {
        Check.that(!running, "a running clock recovers nothing");
        onStamp(first, wallMs, stampMs);
    }

    private void onStamp(boolean first, long wallMs, long stampMs) {
        boolean jump = sinceLast(wallMs, stampMs) > AT_ONCE_MS_MAX;
        boolean begins = begun && first && jump && !waits;
        waits = begins || waits && jump;
        if (begins) {
            waitsFromMs = stampMs;
        }
        lastGapMs = wallMs - stampMs;
        if (!waits) {
            gapMs = lastGapMs;
        }
        begun = true;
        timeMs = Math.max(timeMs, stampMs);
    }

    /** Recovery has read, behind the header of the entry that tells it, that a pause counts. */
    public void onPauseRecovered(long fromMs, long lengthMs) {
        Check.that(!running, "a running clock recovers nothing");
        addPause(fromMs, lengthMs);
        waits = false;
        gapMs = lastGapMs;
    }

    private void addPause(long fromMs, long lengthMs) {
        int count = pauseMs.length;
        if (count > 0 && pauseFromMs[count - 1] >= fromMs) {
            return; // the state was written while the entry that tells it was on its way
        }
        int drop = count == PAUSES_MAX ? 1 : 0;
        long[] from = Arrays.copyOf(pauseFromMs, count + 1);
        long[] lengths = Arrays.copyOf(pauseMs, count + 1);
        from[count] = fromMs;
        lengths[count] = lengthMs;
        if (drop > 0) {
            lengths[1] += lengths[0];
            from[1] = from[0]; // what lies between the two seems younger, nothing seems older
        }
        pauseFromMs = Arrays.copyOfRange(from, drop, from.length);
        pauseMs = Arrays.copyOfRange(lengths, drop, lengths.length);
    }

    /** The log has a leader; answers how much of the time since the last one waits, 0 for none. */
    public long start(long wallMs, long monotonicMs) {
        if (begun) {
            aheadMs = timeMs + 1 - monotonicMs; // what this leader stamps is told from what the last one did
        } else {
            begun = true;
            timeMs = wallMs;
            aheadMs = wallMs - monotonicMs;
        }
        running = true;
        stampedAtMs = monotonicMs;
        pending = true;
        pendingMs = 0;
        look(wallMs, monotonicMs);
        return pending ? pendingMs : 0;
    }

    /**
     * Counts what is pending where it is due; answers the length of the pause that it became, 0 for none. The caller
     * writes that into the log, with {@link #lastPauseFromMs}.
     */
    public long look(long wallMs, long monotonicMs) {
        if (!pending) {
            return 0;
        }
        long jumpMs = sinceLast(wallMs, nowMs(monotonicMs));
        if (jumpMs <= AT_ONCE_MS_MAX) {
            pending = false;
            untold = waits;
            waits = false;
            if (jumpMs > 0) {
                aheadMs = wallMs - Math.max(gapMs, 0) - monotonicMs;
            }
            return 0;
        }
        if (Math.abs(jumpMs - pendingMs) > SAME_MS) {
            pendingMs = jumpMs;
            pendingSinceMs = monotonicMs;
        }
        if (!waits || monotonicMs - pendingSinceMs < STANDS_MS) {
            return 0;
        }
        pending = false;
        waits = false;
        gapMs = Math.max(gapMs, 0) + jumpMs;
        addPause(waitsFromMs, jumpMs);
        return jumpMs;
    }

    /**
     * How much time has passed, by the wall clock, that this clock does not count yet, where the last entry is of
     * another leader. No more than by which the wall clock is ahead of this one: where it was behind at the last entry,
     * the rest of what it shows now is that it was put right.
     */
    private long sinceLast(long wallMs, long timeNowMs) {
        return wallMs - Math.max(gapMs, 0) - timeNowMs;
    }

    /** What the wall clock says beyond what has been counted. */
    private long jumpMs(long wallMs, long monotonicMs) {
        return wallMs - gapMs - nowMs(monotonicMs);
    }

    /** Time for an entry that is appended now. */
    long stamp(boolean first, long wallMs, long monotonicMs) {
        Check.that(running, "only a leader stamps");
        if (pending && sinceLast(wallMs, nowMs(monotonicMs)) <= AT_ONCE_MS_MAX) {
            look(wallMs, monotonicMs);
        }
        long stampMs = nowMs(monotonicMs);
        onStamp(first, wallMs, stampMs);
        stampedAtMs = monotonicMs;
        untold = false;
        return stampMs;
    }

    /**
     * Whether the log is to be told of the time though there is nothing else to say: it has been idle for long, or the
     * wall clock was put elsewhere, which must not be taken for time that passed without a leader, or put right.
     */
    public boolean wantsStamp(long wallMs, long monotonicMs) {
        long silentMs = monotonicMs - stampedAtMs;
        boolean elsewhere = !pending && Math.abs(jumpMs(wallMs, monotonicMs)) > SAME_MS;
        return running && (untold || silentMs >= STAMP_PAUSE_MS && (silentMs >= IDLE_MS_MAX || elsewhere));
    }

    /** Something of this log is stored under {@code stampMs}, though no entry tells of it: it was not in the future. */
    public void onStored(long stampMs) {
        Check.that(!running, "a running clock is ahead of what is stored");
        timeMs = Math.max(timeMs, stampMs);
    }

    /** The time now; before the log has a leader, that of its last entry. Any thread. */
    public long nowMs(long monotonicMs) {
        return running ? Math.max(timeMs, monotonicMs + aheadMs) : timeMs;
    }

    /** How old something is that was stamped with {@code stampMs}. */
    public long ageMs(long stampMs, long monotonicMs) {
        long age = nowMs(monotonicMs) - stampMs;
        for (int i = pauseMs.length - 1; i >= 0 && pauseFromMs[i] > stampMs; i--) {
            age += pauseMs[i];
        }
        return age;
    }

    /** The earliest stamp that is no older than {@code ageMs}. */
    public long stampOfAge(long ageMs, long monotonicMs) {
        long stamp = nowMs(monotonicMs) - ageMs;
        for (int i = pauseMs.length - 1; i >= 0 && pauseFromMs[i] > stamp; i--) {
            stamp = Math.min(pauseFromMs[i], stamp + pauseMs[i]);
        }
        return stamp;
    }

    /** What was stamped earlier is older by the last pause. */
    public long lastPauseFromMs() {
        return pauseFromMs[pauseFromMs.length - 1];
    }

    /** Time of the last entry. */
    public long timeMs() {
        return timeMs;
    }

    long gapMs() {
        return gapMs;
    }

    boolean waits() {
        return waits;
    }

    /** Writes what the log has determined so far, and the time now. */
    public void encode(ByteWriter out, long wallMs, long monotonicMs) {
        long nowMs = nowMs(monotonicMs);
        boolean undecided = waits || pending;
        out.putLong(nowMs).putLong(undecided ? gapMs : wallMs - nowMs);
        out.put(waits ? 1 : 0).putLong(waitsFromMs).putVarLong(pauseMs.length);
        for (int i = 0; i < pauseMs.length; i++) {
            out.putLong(pauseFromMs[i]).putLong(pauseMs[i]);
        }
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    public static LogClock decode(ByteReader in) {
        LogClock clock = new LogClock(in.readLong());
        clock.gapMs = in.readLong();
        clock.lastGapMs = clock.gapMs;
        clock.waits = in.readByte() == 1;
        clock.waitsFromMs = in.readLong();
        int pauses = in.readVarInt(PAUSES_MAX);
        for (int i = 0; i < pauses && !in.failed(); i++) {
            clock.addPause(in.readLong(), in.readLong());
        }
        return clock;
    }
}
