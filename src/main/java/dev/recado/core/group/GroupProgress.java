package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.RangeSet;
import dev.recado.core.group.AttemptRuns.Attempt;
import java.util.function.LongUnaryOperator;

/**
 * What the log knows of a group, and the bytes that tell it the rest. All numbers are varints:
 *
 * <pre>
 * progress   reset (0: none, else the offset + 1), position
 * state      floor, position
 * position   cursor, floor, number of ranges, ranges, attempts up to a length of 0
 * range      distance from the end of the range before (first: from the floor), length
 * attempt    length: so many neighbours; distance from the end of the attempt before (first: from 0), deliveries,
 *            those not counted, wait in ms (0: none), where there is one: log time at which it ends, key slot + 1 (0:
 *            none)
 * </pre>
 *
 * Ranges and attempts are sorted. Version 1 has the number of attempts before them, and of each only the distance from
 * the offset before and two counts. The record that holds these bytes carries the version.
 *
 * <p>A wait is a deadline of the process that gives it, by the monotonic clock. In the log it ends at a time of the
 * shard's clock: the writer says what that one shows, and a group in recovery keeps its waits so until {@link
 * #startWaits}.
 */
final class GroupProgress {

    /** Runs of attempts in one progress record. */
    static final int ATTEMPTS_PER_RECORD_MAX = 4_096;

    private static final int NONE = -1;
    /** Pauses of the log's clock are longer, and what two looks at one clock differ by is less. */
    private static final long PAUSE_MS_MIN = 60_000;

    private final Finished finished;
    private final InHand inHand;
    private final OpenOffsets open;
    private final AttemptRuns runs = new AttemptRuns();
    /** Offsets whose deliveries or wait the log does not know. */
    private final RangeSet untoldAttempts = new RangeSet();

    private long toldCursor;
    private long untoldReset = NONE;
    /** Waits end by the log's clock: nobody has begun to work with the group. */
    private boolean waitsByLog;

    GroupProgress(Finished finished, InHand inHand, long cursor) {
        this.finished = finished;
        this.inHand = inHand;
        open = inHand.open;
        toldCursor = cursor;
    }

    void onAttempts(long offset) {
        untoldAttempts.add(offset);
    }

    /** What the log knows of waits holds no longer: key slots changed. */
    void onWaits() {
        for (int record = 0; record < open.capacity(); record++) {
            if (open.offset[record] != NONE && open.state[record] == OpenOffsets.BACKING_OFF) {
                onAttempts(open.offset[record]);
            }
        }
    }

    /** What was to be told about the time before the reset need not be told any more. */
    void onReset(long offset) {
        untoldAttempts.clear();
        untoldReset = offset;
    }

    boolean isUntold(long cursor) {
        return cursor != toldCursor || untoldReset != NONE || finished.isUntold() || !untoldAttempts.isEmpty();
    }

    void markTold(long cursor) {
        toldCursor = cursor;
        untoldReset = NONE;
        untoldAttempts.clear();
        finished.markTold();
    }

    void writeUntold(long cursor, long nowMs, long logTimeMs, ByteWriter out) {
        out.putVarLong(untoldReset + 1);
        untoldReset = NONE;
        out.putVarLong(cursor);
        toldCursor = cursor;
        finished.writeUntold(out);
        writeUntoldAttempts(nowMs, logTimeMs, out);
    }

    static long readReset(ByteReader in) {
        return Finished.readOffset(in) - 1;
    }

    void writeAll(long cursor, long nowMs, long logTimeMs, ByteWriter out) {
        out.putVarLong(finished.floor()).putVarLong(cursor);
        finished.writeAll(out);
        runs.begin();
        long nextUntried = inHand.untried.first();
        for (long offset : open.sortedOffsets()) {
            while (nextUntried != NONE && nextUntried < offset) {
                nextUntried = writeUntried(nextUntried, out);
            }
            writeRecord(open.find(offset), nowMs, logTimeMs, false, out);
        }
        while (nextUntried != NONE) {
            nextUntried = writeUntried(nextUntried, out);
        }
        runs.end(out);
    }

    private long writeUntried(long from, ByteWriter out) {
        long to = inHand.untried.nextGap(from);
        runs.add(from, to, Attempt.UNTRIED, out);
        return inHand.untried.next(to);
    }

    private void writeUntoldAttempts(long nowMs, long logTimeMs, ByteWriter out) {
        untoldAttempts.removeBelow(finished.floor());
        runs.begin();
        long offset = untoldAttempts.first();
        while (offset != NONE && runs.count() < ATTEMPTS_PER_RECORD_MAX) {
            int record = open.find(offset);
            long to = offset + 1;
            if (record != NONE) {
                writeRecord(record, nowMs, logTimeMs, true, out);
            } else if (inHand.untried.contains(offset)) {
                to = Math.min(untoldAttempts.nextGap(offset), inHand.untried.nextGap(offset));
                runs.add(offset, to, Attempt.UNTRIED, out);
            }
            offset = untoldAttempts.next(to);
        }
        runs.end(out);
        if (offset == NONE) {
            untoldAttempts.clear();
        } else {
            untoldAttempts.removeBelow(offset);
        }
    }

    /** One delivery that counts is what a reader assumes of every offset below the cursor that it is not told of. */
    private void writeRecord(int record, long nowMs, long logTimeMs, boolean all, ByteWriter out) {
        long offset = open.offset[record];
        int deliveries = Math.max(0, open.attempt[record]);
        int uncounted = open.uncounted[record];
        long left = open.state[record] == OpenOffsets.BACKING_OFF
                ? open.deadline[record] - (waitsByLog ? logTimeMs : nowMs)
                : 0;
        if (left > 0) {
            long dueMs = Math.max(0, logTimeMs + left);
            Attempt waiting = runs.attempt(deliveries, uncounted, open.after[record], dueMs, open.keySlot[record]);
            runs.add(offset, offset + 1, waiting, out);
        } else if (all || deliveries != 1 || uncounted > 0) {
            runs.add(offset, offset + 1, runs.attempt(deliveries, uncounted), out);
        }
    }

    /**
     * Reads a position and answers the new cursor. Everything from {@code cursor}, which is not finished, to the new
     * one becomes due where it is not finished: it may have been delivered.
     */
    long apply(long cursor, int version, ByteReader in) {
        waitsByLog = true;
        long newCursor = Math.max(cursor, Finished.readOffset(in));
        if (newCursor > cursor) {
            inHand.due.addRange(cursor, newCursor);
            finished.subtractFrom(inHand.due, cursor);
        }
        long at = Finished.readOffset(in);
        applyFinished(finished.floor(), at);
        int ranges = in.readVarInt(in.remaining());
        for (int i = 0; i < ranges && !in.failed(); i++) {
            long from = at + Finished.readOffset(in);
            at = from + Finished.readOffset(in);
            applyFinished(from, at);
        }
        if (version == 1) {
            AttemptRuns.readVersion1(in, this::applyRun);
        } else {
            AttemptRuns.read(in, this::applyRun);
        }
        return newCursor;
    }

    private void applyFinished(long from, long to) {
        if (from >= 0 && from < to) {
            inHand.forget(from, to);
            finished.add(from, to);
        }
    }

    private void applyRun(long from, long to, Attempt attempt) {
        if (attempt.isUntried()) {
            inHand.setUntried(from, to);
            return;
        }
        for (long offset = from; offset < to; offset++) {
            int record = inHand.recovered(offset);
            if (record != NONE) {
                open.attempt[record] = attempt.deliveries();
                open.uncounted[record] = attempt.uncounted();
                if (attempt.delayMs() == 0) {
                    inHand.makeDue(record);
                } else {
                    open.keySlot[record] = (short) (inHand.slots == null ? NONE : attempt.keySlot());
                    inHand.backOff(record, attempt.delayMs(), attempt.dueMs());
                }
            }
        }
    }

    /**
     * Work with the group begins: what waits by the log's clock goes on waiting by the monotonic one. What the time
     * without a leader has made old enough is due.
     *
     * @param ageMs how old something is that was stamped with a log time
     */
    void startWaits(long nowMs, long logTimeMs, LongUnaryOperator ageMs) {
        if (!waitsByLog) {
            return;
        }
        waitsByLog = false;
        inHand.changeWaits(record -> {
            long givenMs = open.deadline[record] - open.after[record];
            long passedMs = Math.max(0, ageMs.applyAsLong(givenMs));
            open.deadline[record] = nowMs + open.after[record] - passedMs;
            if (passedMs - (logTimeMs - givenMs) > PAUSE_MS_MIN) {
                beginAnew(record, nowMs);
            }
        });
        inHand.endBackOffs(nowMs);
    }

    /** What is left of the wait is as if it was given now, so that a pause that it has seen is not counted again. */
    private void beginAnew(int record, long nowMs) {
        open.after[record] = (int) Math.max(0, open.deadline[record] - nowMs);
    }

    /** What was stamped up to {@code fromMs} is older by {@code pauseMs} than it was, also waits given then. */
    void onPause(long fromMs, long pauseMs, long nowMs, long logTimeMs) {
        inHand.changeWaits(record -> {
            long givenMs = logTimeMs + open.deadline[record] - nowMs - open.after[record];
            if (givenMs <= fromMs) {
                open.deadline[record] = Math.max(nowMs, open.deadline[record] - pauseMs);
                beginAnew(record, nowMs);
            }
        });
    }
}
