package dev.recado.shard;

import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import java.util.Arrays;

/**
 * Offsets inside of runs and how many bytes of a tail lie before each: what was asked for of late, by several groups.
 * Owned by the partition's loop.
 */
final class InnerPlaces {

    private static final int KEPT = 4;

    private final long[] offsets = new long[KEPT];
    private final long[] positions = new long[KEPT];
    private int next;

    InnerPlaces() {
        Arrays.fill(offsets, -1);
    }

    /**
     * How many bytes lie before {@code offset}, which is inside of {@code run}.
     *
     * @param first how many lie before the run's first message
     */
    long position(StoredRun run, long first, long offset) {
        long from = run.baseOffset();
        long position = first;
        int place = -1;
        for (int i = 0; i < KEPT; i++) {
            if (offsets[i] > from && offsets[i] <= offset) {
                place = i;
                from = offsets[i];
                position = positions[i];
            }
        }
        if (place < 0) {
            place = next;
            next = (next + 1) % KEPT;
        }
        int start = run.messagesStart() + (int) (position - first);
        int there = skip(run, start, offset - from);
        offsets[place] = offset;
        positions[place] = position + there - start;
        return positions[place];
    }

    private static int skip(StoredRun run, int start, long messages) {
        int at = start;
        for (long i = 0; i < messages; i++) {
            at += MessageLayout.length(run.bytes(), at);
        }
        return at;
    }
}
