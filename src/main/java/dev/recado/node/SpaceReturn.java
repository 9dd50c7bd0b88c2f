package dev.recado.node;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings back the space of what was trimmed or deleted: two checkpoints, one behind the other, after which neither
 * state file names it and the journal before the older of them is free. At once where the disk is low or was so a
 * moment ago, otherwise when the broker has fallen idle; once for whatever was freed until then.
 *
 * <p>{@link #onFreed} may be called from any thread, {@link #look} from the timer's only.
 */
final class SpaceReturn {

    /** Where the disk is low: between the ends and beginnings of two pairs of checkpoints. */
    private static final long PAUSE_MS = 2_000;

    /** Where the disk is low: journal behind the last pair for whose sake alone another is worth while. */
    private static final long TIGHT_JOURNAL_BYTES = 4 * 1024 * 1024;

    /** What is freed in pieces may end the shortage with the first of them: the others follow as soon. */
    private static final long AFTER_LOW_MS = 30_000;

    private static final long IDLE_MS = 15_000;
    /** More journal than that within {@link #IDLE_MS} is work, after which checkpoints come by themselves. */
    private static final long IDLE_JOURNAL_BYTES = 1024 * 1024;

    private final Node node;
    private final AtomicLong freed = new AtomicLong();
    private final AtomicBoolean running = new AtomicBoolean();
    private long served;
    /** What was there before this start counts as much. */
    private long servedJournalBytes = -TIGHT_JOURNAL_BYTES;

    private long notBeforeMs;
    private long urgentUntilMs = Long.MIN_VALUE;
    private long idleSinceMs;
    private long idleFreed;
    private long idleJournalBytes;

    SpaceReturn(Node node) {
        this.node = node;
    }

    /** Something was trimmed or deleted; its change is committed. */
    void onFreed() {
        freed.incrementAndGet();
    }

    /** Begins a pair of checkpoints where one is due. */
    void look(long nowMs, boolean tight) {
        long now = freed.get();
        boolean idle = isIdle(nowMs, now);
        if (tight) {
            urgentUntilMs = nowMs + AFTER_LOW_MS;
        }
        boolean due = nowMs < urgentUntilMs ? nowMs >= notBeforeMs : idle;
        long journalBytes = node.journal().counters().bytes();
        boolean worth = now != served || tight && journalBytes - servedJournalBytes >= TIGHT_JOURNAL_BYTES;
        if (!worth || !due || !running.compareAndSet(false, true)) {
            return;
        }
        served = now;
        servedJournalBytes = journalBytes;
        notBeforeMs = nowMs + PAUSE_MS;
        node.journal().checkpoint(() -> node.journal().checkpoint(() -> running.set(false)));
    }

    private boolean isIdle(long nowMs, long freedNow) {
        long journalBytes = node.journal().counters().bytes();
        if (freedNow != idleFreed || journalBytes - idleJournalBytes > IDLE_JOURNAL_BYTES) {
            idleFreed = freedNow;
            idleJournalBytes = journalBytes;
            idleSinceMs = nowMs;
        }
        return nowMs - idleSinceMs >= IDLE_MS;
    }
}
