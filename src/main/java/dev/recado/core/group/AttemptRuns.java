package dev.recado.core.group;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;

/**
 * Deliveries and waits of offsets, neighbours that have the same as one run, as {@link GroupProgress} draws them. Used
 * again and again for writing, so that telling of a steady group allocates nothing.
 */
final class AttemptRuns {

    /** Offsets of one run that need a record each, so that a few damaged bytes cannot ask for much memory. */
    static final int RUN_MAX = 4_096;

    /** Takes what was read of {@code from} up to but not including {@code to}. */
    @FunctionalInterface
    interface Reader {
        void onRun(long from, long to, Attempt attempt);
    }

    /**
     * What a run says of each of its offsets.
     *
     * @param deliveries how often it was delivered
     * @param uncounted how many of these do not count
     * @param delayMs how long it waits for its next delivery, 0 where it does not
     * @param dueMs log time at which the wait ends
     * @param keySlot of a message that waits in a key-ordered group, else -1
     */
    record Attempt(int deliveries, int uncounted, int delayMs, long dueMs, int keySlot) {
        static final Attempt UNTRIED = new Attempt(0, 0, 0, 0, -1);

        /** Whether no record is needed to remember it. */
        boolean isUntried() {
            return deliveries == 0 && uncounted == 0 && delayMs == 0;
        }
    }

    private long writtenTo;
    private long from;
    private long to;
    private Attempt run = Attempt.UNTRIED;
    private int count;

    void begin() {
        writtenTo = 0;
        from = 0;
        to = 0;
        count = 0;
    }

    /** How many runs were written. */
    int count() {
        return count;
    }

    /** What a run says of offsets that do not wait. */
    Attempt attempt(int deliveries, int uncounted) {
        return attempt(deliveries, uncounted, 0, 0, -1);
    }

    /** What a run says; where the last one says the same, that one again, so that neighbours allocate nothing. */
    Attempt attempt(int deliveries, int uncounted, int delayMs, long dueMs, int keySlot) {
        boolean same = run.deliveries == deliveries
                && run.uncounted == uncounted
                && run.delayMs == delayMs
                && run.dueMs == dueMs
                && run.keySlot == keySlot;
        return same ? run : new Attempt(deliveries, uncounted, delayMs, dueMs, keySlot);
    }

    /** Offsets from {@code first} up to but not including {@code end}; they come in ascending order. */
    void add(long first, long end, Attempt attempt, ByteWriter out) {
        boolean neighbours = to == first && to > from && attempt.equals(run);
        if (neighbours && (attempt.isUntried() || end - from <= RUN_MAX)) {
            to = end;
            return;
        }
        flush(out);
        from = first;
        to = end;
        run = attempt;
    }

    void end(ByteWriter out) {
        flush(out);
        out.putVarLong(0);
    }

    private void flush(ByteWriter out) {
        if (from == to) {
            return;
        }
        out.putVarLong(to - from).putVarLong(from - writtenTo);
        out.putVarLong(run.deliveries).putVarLong(run.uncounted).putVarLong(run.delayMs);
        if (run.delayMs > 0) {
            out.putVarLong(run.dueMs).putVarLong(run.keySlot + 1);
        }
        writtenTo = to;
        from = to;
        count++;
    }

    /** Reads what was written; anything else turns {@code in.failed()} on. */
    static void read(ByteReader in, Reader reader) {
        long at = 0;
        for (long length = Finished.readOffset(in); length > 0; length = Finished.readOffset(in)) {
            long from = at + Finished.readOffset(in);
            at = from + length;
            Attempt attempt = readAttempt(in);
            if (from < 0 || at < from || !attempt.isUntried() && length > RUN_MAX) {
                in.skip(-1);
            }
            if (in.failed()) {
                return;
            }
            reader.onRun(from, at, attempt);
        }
    }

    private static Attempt readAttempt(ByteReader in) {
        int deliveries = in.readVarInt(Integer.MAX_VALUE);
        int uncounted = in.readVarInt(Integer.MAX_VALUE);
        int delayMs = in.readVarInt(GroupSettings.DURATION_MAX_MS);
        if (delayMs == 0) {
            return new Attempt(deliveries, uncounted, 0, 0, -1);
        }
        return new Attempt(deliveries, uncounted, delayMs, Finished.readOffset(in), in.readVarInt(KeySlots.SLOTS) - 1);
    }

    /** Reads attempts of version 1, which says of each offset how often it was delivered and how many do not count. */
    static void readVersion1(ByteReader in, Reader reader) {
        int count = in.readVarInt(in.remaining());
        long offset = 0;
        for (int i = 0; i < count && !in.failed(); i++) {
            offset += Finished.readOffset(in);
            int deliveries = in.readVarInt(Integer.MAX_VALUE);
            int uncounted = in.readVarInt(Integer.MAX_VALUE);
            if (!in.failed() && offset >= 0) {
                reader.onRun(offset, offset + 1, new Attempt(deliveries, uncounted, 0, 0, -1));
            }
        }
    }
}
