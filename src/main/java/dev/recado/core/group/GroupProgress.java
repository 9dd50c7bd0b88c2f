package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.RangeSet;

/**
 * What the log knows of a group, and the bytes that tell it the rest. All numbers are varints:
 *
 * <pre>
 * progress   reset (0: none, else the offset + 1), position
 * state      floor, position
 * position   cursor, floor, number of ranges, ranges, number of attempts, attempts
 * range      distance from the end of the range before (first: from the floor), length
 * attempt    distance from the offset before (first: from 0), deliveries, those not counted
 * </pre>
 *
 * Ranges and attempts are sorted. The record that holds these bytes carries the version.
 */
final class GroupProgress {

    static final int ATTEMPTS_PER_RECORD_MAX = 4_096;

    private static final int NONE = -1;

    private final Finished finished;
    private final InHand inHand;
    private final OpenOffsets open;
    /** Offsets whose number of deliveries the log does not know. */
    private final RangeSet untoldAttempts = new RangeSet();

    private long toldCursor;
    private long untoldReset = NONE;

    GroupProgress(Finished finished, InHand inHand, long cursor) {
        this.finished = finished;
        this.inHand = inHand;
        open = inHand.open;
        toldCursor = cursor;
    }

    void onAttempts(long offset) {
        untoldAttempts.add(offset);
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

    void writeUntold(long cursor, ByteWriter out) {
        out.putVarLong(untoldReset + 1);
        untoldReset = NONE;
        out.putVarLong(cursor);
        toldCursor = cursor;
        finished.writeUntold(out);
        writeUntoldAttempts(out);
    }

    static long readReset(ByteReader in) {
        return Finished.readOffset(in) - 1;
    }

    void writeAll(long cursor, ByteWriter out) {
        out.putVarLong(finished.floor()).putVarLong(cursor);
        finished.writeAll(out);
        long[] offsets = open.sortedOffsets();
        int count = 0;
        for (long offset : offsets) {
            if (isWorthKeeping(open.find(offset))) {
                offsets[count++] = offset;
            }
        }
        out.putVarLong(count);
        long before = 0;
        for (int i = 0; i < count; i++) {
            before = writeAttempt(open.find(offsets[i]), before, out);
        }
    }

    /** One delivery, counted, is what a reader assumes of every offset below the cursor. */
    private boolean isWorthKeeping(int record) {
        return open.attempt[record] != 1 || open.uncounted[record] > 0;
    }

    private void writeUntoldAttempts(ByteWriter out) {
        untoldAttempts.removeBelow(finished.floor());
        int count = 0;
        long next = untoldAttempts.first();
        for (; next != NONE && count < ATTEMPTS_PER_RECORD_MAX; next = untoldAttempts.next(next + 1)) {
            count += open.find(next) != NONE ? 1 : 0;
        }
        out.putVarLong(count);
        long before = 0;
        for (long offset = untoldAttempts.first(); offset != next; offset = untoldAttempts.next(offset + 1)) {
            int record = open.find(offset);
            before = record == NONE ? before : writeAttempt(record, before, out);
        }
        if (next == NONE) {
            untoldAttempts.clear();
        } else {
            untoldAttempts.removeBelow(next);
        }
    }

    private long writeAttempt(int record, long before, ByteWriter out) {
        long offset = open.offset[record];
        out.putVarLong(offset - before)
                .putVarLong(Math.max(0, open.attempt[record]))
                .putVarLong(open.uncounted[record]);
        return offset;
    }

    /**
     * Reads a position and answers the new cursor. Everything from {@code cursor}, which is not finished, to the new
     * one becomes due where it is not finished: it may have been delivered.
     */
    long apply(long cursor, ByteReader in) {
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
        applyAttempts(in);
        return newCursor;
    }

    private void applyFinished(long from, long to) {
        if (from >= 0 && from < to) {
            inHand.forget(from, to);
            finished.add(from, to);
        }
    }

    private void applyAttempts(ByteReader in) {
        int count = in.readVarInt(in.remaining());
        long offset = 0;
        for (int i = 0; i < count && !in.failed(); i++) {
            offset += Finished.readOffset(in);
            int attempt = in.readVarInt(Integer.MAX_VALUE);
            int uncounted = in.readVarInt(Integer.MAX_VALUE);
            if (inHand.due.contains(offset)) {
                int record = open.find(offset);
                record = record == NONE ? open.add(offset) : record;
                open.state[record] = OpenOffsets.DUE;
                open.attempt[record] = attempt;
                open.uncounted[record] = uncounted;
            }
        }
    }
}
