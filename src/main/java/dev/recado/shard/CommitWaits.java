package dev.recado.shard;

import java.util.ArrayDeque;

/** Tasks that wait until everything below an offset of a partition is committed. Owned by the partition's loop. */
final class CommitWaits {

    private final ArrayDeque<Wait> waits = new ArrayDeque<>();

    private record Wait(long offset, Runnable task) {}

    boolean isEmpty() {
        return waits.isEmpty();
    }

    /** Offsets come in rising order. */
    void add(long offset, Runnable task) {
        waits.add(new Wait(offset, task));
    }

    /** Everything below {@code end} is committed. */
    void serve(long end) {
        while (!waits.isEmpty() && waits.element().offset() <= end) {
            waits.remove().task().run();
        }
    }
}
