package dev.recado.core.message;

import java.util.Arrays;

/**
 * Leased messages of one partition on their way to one subscription: parallel arrays, one element a message, in
 * hand-out order. Filled by the owner, read by the session; never changed after it was handed over.
 */
public final class DeliveryBatch {

    private final int partitionIndex;
    private StoredRun[] runs;
    private int[] positions;
    private long[] offsets;
    private int[] attempts;
    private int size;
    private long bytes;

    public DeliveryBatch(int partitionIndex, int expected) {
        this.partitionIndex = partitionIndex;
        int capacity = Math.max(1, expected);
        runs = new StoredRun[capacity];
        positions = new int[capacity];
        offsets = new long[capacity];
        attempts = new int[capacity];
    }

    public void add(StoredRun run, int position, int length, long offset, int attempt) {
        if (size == offsets.length) {
            int capacity = size * 2;
            runs = Arrays.copyOf(runs, capacity);
            positions = Arrays.copyOf(positions, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            attempts = Arrays.copyOf(attempts, capacity);
        }
        runs[size] = run;
        positions[size] = position;
        offsets[size] = offset;
        attempts[size] = attempt;
        bytes += length;
        size++;
    }

    public int partitionIndex() {
        return partitionIndex;
    }

    public int size() {
        return size;
    }

    /** Stored bytes of all messages in it; what is written to a session counts in these. */
    public long bytes() {
        return bytes;
    }

    /** The run that holds message {@code i}. */
    public StoredRun run(int i) {
        return runs[i];
    }

    /**
     * Where message {@code i} begins in {@code run(i).bytes()}; read it with {@link
     * dev.recado.core.message.MessageView}.
     */
    public int position(int i) {
        return positions[i];
    }

    public long offset(int i) {
        return offsets[i];
    }

    /** How often message {@code i} has been delivered, this time included, from 1. */
    public int attempt(int i) {
        return attempts[i];
    }
}
