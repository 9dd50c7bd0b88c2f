package dev.recado.shard;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Tasks that wait until everything below an offset of a partition is committed. Owned by the partition's loop. */
final class CommitWaits {

    /** Made when the first waits. */
    private @Nullable ArrayDeque<Wait> waits;

    private record Wait(long offset, Runnable task) {}

    boolean isEmpty() {
        return waits == null || waits.isEmpty();
    }

    /** Offsets come in rising order. */
    void add(long offset, Runnable task) {
        ArrayDeque<Wait> all = waits == null ? new ArrayDeque<>() : waits;
        waits = all;
        all.add(new Wait(offset, task));
    }

    /** Everything below {@code end} is committed. */
    void serve(long end) {
        while (waits != null && !waits.isEmpty() && waits.element().offset() <= end) {
            waits.remove().task().run();
        }
    }
}
