package dev.recado.core.group;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The records of the offsets that a group has in hand: columns of primitive arrays, found by offset through a chained
 * hash. A record's number stays the same while the record lives, so that queues may refer to it.
 *
 * <p>59 bytes a record where all are used. Grows by doubling and lets go of its memory when it runs empty after a peak.
 */
final class OpenOffsets {

    static final int NONE = -1;

    /** In the hands of {@link #member}. */
    static final byte LEASED = 1;
    /** Came back, waits for {@link #deadline}. */
    static final byte BACKING_OFF = 2;
    /** Ready again. */
    static final byte DUE = 3;
    /** Ready, but the member of its key slot has no room. */
    static final byte DEFERRED = 4;
    /** With the caller, on its way to the dead-letter topic. */
    static final byte DYING = 5;
    /** To be dead-lettered when the bound allows. */
    static final byte DEATH_ROW = 6;
    /** The dead-letter topic refused it; waits for {@link #deadline} to try again. */
    static final byte DEATH_DELAYED = 7;

    /** What a record costs, with what is empty after growing and its place in the hands of a member. */
    static final int RECORD_BYTES = 80;

    private static final int CAPACITY_FIRST = 16;
    private static final int CAPACITY_KEPT = 1 << 16;

    // One of each for all that hold nothing: most groups of an idle broker.
    private static final long[] NO_LONGS = {};
    private static final int[] NO_INTS = {};
    private static final byte[] NO_BYTES = {};
    private static final short[] NO_SHORTS = {};
    private static final @Nullable String[] NO_STRINGS = {};
    private static final int[] NO_HEADS = {NONE};

    long[] offset = NO_LONGS;
    byte[] state = NO_BYTES;
    /** The holder of a lease; of a dead letter, how often it was refused. */
    int[] member = NO_INTS;
    /** Deliveries so far, the present lease included. */
    int[] attempt = NO_INTS;
    /** Of these, how many came back without counting towards the group's limit. */
    int[] uncounted = NO_INTS;

    /** Bytes of the message, 0 until somebody has told them. */
    private int[] messageBytes = NO_INTS;

    long[] deadline = NO_LONGS;
    /** Links of {@link LeaseQueue}, or the position in a {@link DeadlineHeap}. */
    int[] before = NO_INTS;

    /** Also how long somebody who backs off waits in all, in ms; of a dead letter, its {@link DeathCause}. */
    int[] after = NO_INTS;

    short[] keySlot = NO_SHORTS;
    /** Levels of messages, where they have any. */
    private byte[] level = NO_BYTES;

    private boolean hasLevels;

    @Nullable
    String[] reason = NO_STRINGS;

    /** Next in the hash chain, or in the list of free records. */
    private int[] chain = NO_INTS;

    private int[] heads = NO_HEADS;
    private int shift = 63;
    private int free = NONE;
    private int size;
    private long bytes;
    private long removedBytes;

    int size() {
        return size;
    }

    int capacity() {
        return offset.length;
    }

    /** The record of {@code wanted}, or {@link #NONE}. */
    int find(long wanted) {
        int record = heads[bucket(wanted)];
        while (record != NONE && offset[record] != wanted) {
            record = chain[record];
        }
        return record;
    }

    /** A new record of an offset that has none: no attempt, no key slot. */
    int add(long newOffset) {
        if (free == NONE) {
            grow();
        }
        int record = free;
        free = chain[record];
        int bucket = bucket(newOffset);
        chain[record] = heads[bucket];
        heads[bucket] = record;
        offset[record] = newOffset;
        attempt[record] = 0;
        uncounted[record] = 0;
        messageBytes[record] = 0;
        keySlot[record] = NONE;
        size++;
        return record;
    }

    void remove(int record) {
        int bucket = bucket(offset[record]);
        if (heads[bucket] == record) {
            heads[bucket] = chain[record];
        } else {
            int previous = heads[bucket];
            while (chain[previous] != record) {
                previous = chain[previous];
            }
            chain[previous] = chain[record];
        }
        offset[record] = NONE;
        bytes -= messageBytes[record];
        removedBytes += messageBytes[record];
        if (reason[record] != null) {
            reason[record] = null;
        }
        chain[record] = free;
        free = record;
        if (--size == 0 && offset.length > CAPACITY_KEPT) {
            allocate(CAPACITY_FIRST);
        }
    }

    void clear() {
        size = 0;
        removedBytes += bytes;
        bytes = 0;
        allocate(0);
    }

    /** From now on a record has room for a level. */
    void keepLevels() {
        hasLevels = true;
        level = new byte[capacity()];
    }

    void level(int record, int itsLevel) {
        level[record] = (byte) itsLevel;
    }

    /** As it was told last; for a record of which nobody did, anything. */
    int level(int record) {
        return level[record] & 0xFF;
    }

    void tellBytes(int record, int itsBytes) {
        bytes += itsBytes - messageBytes[record];
        messageBytes[record] = itsBytes;
    }

    /** Removes a record whose message is not finished; answers the bytes of that. */
    int removeUnfinished(int record) {
        int itsBytes = messageBytes[record];
        tellBytes(record, 0);
        remove(record);
        return itsBytes;
    }

    /** Bytes of all records' messages, as far as they were told. */
    long bytes() {
        return bytes;
    }

    /** Bytes of the messages of all records that were ever removed. */
    long removedBytes() {
        return removedBytes;
    }

    /** Offsets of all records, sorted: a walk for checkpoints. */
    long[] sortedOffsets() {
        long[] sorted = new long[size];
        int count = 0;
        for (long candidate : offset) {
            if (candidate != NONE) {
                sorted[count++] = candidate;
            }
        }
        Arrays.sort(sorted);
        return sorted;
    }

    /** In their order, those in the hands of a member, or on their way to the dead-letter topic. */
    long[] heldOffsets() {
        return LongStream.of(sortedOffsets())
                .filter(candidate -> isHeld(state[find(candidate)]))
                .toArray();
    }

    private static boolean isHeld(byte state) {
        return state != BACKING_OFF && state != DUE && state != DEFERRED;
    }

    private int bucket(long wanted) {
        return (int) (wanted * 0x9E3779B97F4A7C15L >>> shift) & (heads.length - 1);
    }

    private void grow() {
        allocate(Math.max(CAPACITY_FIRST, 2 * offset.length));
    }

    private void allocate(int capacity) {
        int kept = size == 0 ? 0 : offset.length;
        offset = Arrays.copyOf(offset, capacity);
        state = Arrays.copyOf(state, capacity);
        member = Arrays.copyOf(member, capacity);
        attempt = Arrays.copyOf(attempt, capacity);
        uncounted = Arrays.copyOf(uncounted, capacity);
        messageBytes = Arrays.copyOf(messageBytes, capacity);
        deadline = Arrays.copyOf(deadline, capacity);
        before = Arrays.copyOf(before, capacity);
        after = Arrays.copyOf(after, capacity);
        keySlot = Arrays.copyOf(keySlot, capacity);
        level = hasLevels ? Arrays.copyOf(level, capacity) : NO_BYTES;
        reason = Arrays.copyOf(reason, capacity);
        chain = Arrays.copyOf(chain, capacity);
        heads = new int[Math.max(1, 2 * capacity)];
        shift = 64 - Math.max(1, Integer.numberOfTrailingZeros(heads.length));
        Arrays.fill(heads, NONE);
        for (int record = 0; record < kept; record++) {
            int bucket = bucket(offset[record]);
            chain[record] = heads[bucket];
            heads[bucket] = record;
        }
        free = NONE;
        for (int record = capacity - 1; record >= kept; record--) {
            offset[record] = NONE;
            reason[record] = null;
            chain[record] = free;
            free = record;
        }
    }
}
