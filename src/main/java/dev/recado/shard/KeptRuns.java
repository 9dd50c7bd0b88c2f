package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is still needed of the messages that a tail has handed out long ago: runs in offset order with gaps between
 * them. Few where things go well, and changed in the middle, so a tree. Owned by its tail.
 */
final class KeptRuns {

    /** A tree of its own while there are any. */
    private NavigableMap<Long, StoredRun> runs = Collections.emptyNavigableMap();

    private long count;
    private long bytes;

    boolean isEmpty() {
        return count == 0;
    }

    /** Messages in it. */
    long count() {
        return count;
    }

    /** Bytes of its runs. */
    long bytes() {
        return bytes;
    }

    void add(StoredRun run) {
        if (runs.isEmpty()) {
            runs = new TreeMap<>();
        }
        runs.put(run.baseOffset(), run);
        count += run.count();
        bytes += run.length();
    }

    void remove(StoredRun run) {
        if (!runs.isEmpty()) {
            runs.remove(run.baseOffset());
        }
        count -= run.count();
        bytes -= run.length();
    }

    StoredRun first() {
        return Objects.requireNonNull(runs.firstEntry(), "nothing is kept").getValue();
    }

    long endOffset() {
        Map.Entry<Long, StoredRun> last = runs.lastEntry();
        return last == null ? 0 : last.getValue().endOffset();
    }

    /** The run that holds {@code offset}, or null. */
    @Nullable
    StoredRun find(long offset) {
        Map.Entry<Long, StoredRun> below = runs.floorEntry(offset);
        return below != null && offset < below.getValue().endOffset() ? below.getValue() : null;
    }

    /** The first run that begins at or behind {@code offset}, or null. */
    @Nullable
    StoredRun from(long offset) {
        Map.Entry<Long, StoredRun> next = runs.ceilingEntry(offset);
        return next == null ? null : next.getValue();
    }

    /** All of them in order. */
    Iterable<StoredRun> all() {
        return runs.values();
    }
}
