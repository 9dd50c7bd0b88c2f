package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.Arrays;

/**
 * What one partition remembers of one numbering producer: the offsets of its numbers above highest - {@link
 * #NUMBERS_MAX}.
 *
 * <p>Numbers that come in even steps with consecutive offsets are kept as one span, so that an undisturbed producer
 * costs a hundred bytes; beyond {@link NumberSpans#SPANS_MAX} spans the window turns into one slot a number (32 KiB).
 * One owner.
 */
public final class ProducerWindow {

    /** How many numbers below and with the highest are remembered: as many as a producer may have in flight. */
    public static final int NUMBERS_MAX = 4_096;
    /** The largest number of a message; larger ones are to be refused before they come here. */
    public static final long SEQUENCE_MAX = 1L << 62;
    /** The number is new: append. */
    public static final long NOT_SEEN = -1;
    /** The number lies below the window: whether it was stored cannot be told. */
    public static final long TOO_OLD = -2;

    static final long OFFSET_MAX = 1L << 60;

    private static final int BYTES_BASE = 128;
    private static final int SPANS = 0;
    private static final int SLOTS = 1;
    private static final long[] NO_SLOTS = {};

    private final NumberSpans spans = new NumberSpans();
    private long[] slots = NO_SLOTS;
    private long highest = -1;
    private long lastUsedMs;

    /** The offset under which {@code sequence} is stored, {@link #NOT_SEEN} or {@link #TOO_OLD}. */
    public long offsetOf(long sequence) {
        if (sequence > highest) {
            return NOT_SEEN;
        }
        if (sequence < 0 || sequence <= highest - NUMBERS_MAX) {
            return TOO_OLD;
        }
        return slots.length > 0 ? slots[slotOf(sequence)] : spans.offsetOf(sequence);
    }

    /**
     * Remembers a run: numbers {@code firstSequence}, {@code firstSequence + stride}, … stand at offsets from
     * {@code firstOffset} on. Numbers that have left the window meanwhile are let go.
     */
    public void record(long firstSequence, int stride, int count, long firstOffset, long nowMs) {
        Check.that(firstSequence >= 0 && stride >= 1 && count >= 1, "bad run", firstSequence, count);
        Check.that(firstOffset >= 0 && firstOffset <= OFFSET_MAX, "offset out of bounds", firstOffset);
        long last = firstSequence + (count - 1L) * stride;
        Check.that(last >= firstSequence && last <= SEQUENCE_MAX, "number out of bounds", firstSequence, last);
        lastUsedMs = Math.max(lastUsedMs, nowMs);
        // Steps are at least 1, so that earlier ones lie below the window already.
        int skipped = Math.max(0, count - NUMBERS_MAX);
        long first = firstSequence + (long) skipped * stride;
        advance(last);
        if (slots.length == 0 && !spans.add(first, stride, count - skipped, firstOffset + skipped, floor())) {
            toSlots();
        }
        if (slots.length > 0) {
            fill(first, stride, count - skipped, firstOffset + skipped);
        }
    }

    /** One above the highest number remembered; 0 where there is none. */
    public long next() {
        return highest + 1;
    }

    /** Publish time of the last run. */
    public long lastUsedMs() {
        return lastUsedMs;
    }

    /** Roughly the heap that it takes. */
    int bytes() {
        return BYTES_BASE + spans.bytes() + slots.length * Long.BYTES;
    }

    /** The highest number that is too old. */
    private long floor() {
        return highest - NUMBERS_MAX;
    }

    private void advance(long last) {
        if (last <= highest) {
            return;
        }
        if (slots.length > 0) {
            long from = Math.max(highest + 1, last - NUMBERS_MAX + 1);
            for (long number = from; number <= last; number++) {
                slots[slotOf(number)] = NOT_SEEN;
            }
        }
        highest = last;
    }

    private void toSlots() {
        slots = new long[NUMBERS_MAX];
        Arrays.fill(slots, NOT_SEEN);
        spans.forEach(this::fill);
        spans.clear();
    }

    private void fill(long first, int stride, int count, long firstOffset) {
        for (int i = 0; i < count; i++) {
            long number = first + (long) i * stride;
            if (number > floor()) {
                slots[slotOf(number)] = firstOffset + i;
            }
        }
    }

    private static int slotOf(long number) {
        return (int) (number & (NUMBERS_MAX - 1));
    }

    /** Version-less: the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        out.putVarLong(lastUsedMs).putVarLong(highest + 1);
        if (slots.length == 0) {
            spans.encode(out.put(SPANS), highest, floor());
            return;
        }
        out.put(SLOTS);
        long previous = 0;
        for (long number = floor() + 1; number <= highest; number++) {
            long offset = number < 0 ? NOT_SEEN : slots[slotOf(number)];
            if (offset == NOT_SEEN) {
                out.putVarLong(0);
            } else {
                long step = offset - previous;
                out.putVarLong((step << 1 ^ step >> 63) + 1);
                previous = offset;
            }
        }
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    public static ProducerWindow decode(ByteReader in) {
        ProducerWindow window = new ProducerWindow();
        window.lastUsedMs = Decoding.readCount(in);
        window.highest = Decoding.readCount(in) - 1;
        Decoding.require(in, window.highest <= SEQUENCE_MAX);
        if (in.readVarInt(SLOTS) == SPANS) {
            window.spans.decode(in, window.highest);
        } else if (in.remaining() >= NUMBERS_MAX) {
            window.decodeSlots(in);
        } else {
            Decoding.require(in, false);
        }
        return window;
    }

    private void decodeSlots(ByteReader in) {
        toSlots();
        long previous = 0;
        for (long number = floor() + 1; number <= highest && !in.failed(); number++) {
            long coded = Decoding.readCount(in) - 1;
            if (coded >= 0) {
                long offset = previous + (coded >>> 1 ^ -(coded & 1));
                Decoding.require(in, number >= 0 && offset >= 0 && offset <= OFFSET_MAX);
                slots[slotOf(number)] = Math.max(NOT_SEEN, offset);
                previous = offset;
            }
        }
    }
}
