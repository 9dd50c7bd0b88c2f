package dev.recado.node;

import java.util.concurrent.atomic.LongAdder;

/** What the journal has written since the start; written by its thread, read by any. */
final class JournalCounters {

    private final LongAdder groups = new LongAdder();
    private final LongAdder syncs = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void onGroup(int groupBytes, boolean synced, long tookNanos) {
        groups.increment();
        bytes.add(groupBytes);
        nanos.add(tookNanos);
        if (synced) {
            syncs.increment();
        }
    }

    long groups() {
        return groups.sum();
    }

    long syncs() {
        return syncs.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long micros() {
        return nanos.sum() / 1_000;
    }
}
