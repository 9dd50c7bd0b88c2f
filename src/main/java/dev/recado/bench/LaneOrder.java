package dev.recado.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * Whether the messages of one lane lie in one partition in the order in which they were sent, whoever gets them in
 * whatever order. Keeps the latest place and, while places below it are missing, those around the gaps, at most {@link
 * #PLACES_MAX}: what it has dropped is not compared any more. Not thread-safe: one owner.
 */
final class LaneOrder {

    private static final int PLACES_MAX = 1 << 14;

    private final TreeMap<Long, Long> sequences = new TreeMap<>();
    private long lastOffset = -1;
    private long lastSequence = -1;

    /**
     * A message at a new place; {@code whole} where nothing is missing below it. Answers whether it lies between the
     * right ones.
     */
    boolean add(long offset, long sequence, boolean whole) {
        if (whole && offset > lastOffset) {
            boolean right = sequence > lastSequence;
            sequences.clear();
            remember(offset, sequence);
            return right;
        }
        if (sequences.isEmpty() && lastOffset >= 0) {
            sequences.put(lastOffset, lastSequence);
        }
        Map.Entry<Long, Long> below = sequences.lowerEntry(offset);
        Map.Entry<Long, Long> above = sequences.higherEntry(offset);
        sequences.put(offset, sequence);
        if (sequences.size() > PLACES_MAX) {
            sequences.pollFirstEntry();
        }
        if (offset > lastOffset) {
            remember(offset, sequence);
        }
        return (below == null || below.getValue() < sequence) && (above == null || above.getValue() > sequence);
    }

    private void remember(long offset, long sequence) {
        lastOffset = offset;
        lastSequence = sequence;
    }

    /** What was stored before a crash may lie elsewhere behind it. */
    void clear() {
        sequences.clear();
        lastOffset = -1;
        lastSequence = -1;
    }
}
