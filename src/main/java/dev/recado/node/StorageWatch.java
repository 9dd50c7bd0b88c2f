package dev.recado.node;

import dev.recado.base.TimeSource;
import dev.recado.journal.StorageException;
import dev.recado.journal.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for the storage, for how long it may, and what the log hears of it: a line when it begins, one a minute
 * while it lasts, one when it is over. Safe for use by any thread.
 */
final class StorageWatch {

    /** Who waits. */
    enum Part {
        JOURNAL,
        SEGMENTS,
        COLD_READS,
        HOUSEKEEPING
    }

    private static final Logger LOG = LoggerFactory.getLogger(StorageWatch.class);
    private static final long TELL_EVERY_MS = 60_000;
    /** A failure whose kind nobody can tell may be one that never passes. */
    private static final long UNCLEAR_MS_MAX = 60_000;

    private final TimeSource time;
    private final Map<Part, Waiting> waiting = new HashMap<>();
    /** So that who succeeds pays nothing for it. */
    private volatile boolean anyWaits;

    private volatile boolean reserveUsed;
    private boolean low;
    private boolean told;
    private long nextTellMs;
    private long nextMinorMs;

    private static final class Waiting {
        private final long sinceMs;
        private Kind kind;
        private long unclearSinceMs;

        private Waiting(long nowMs, Kind kind) {
            sinceMs = nowMs;
            unclearSinceMs = nowMs;
            this.kind = kind;
        }
    }

    StorageWatch(TimeSource time) {
        this.time = time;
        nextTellMs = time.monotonicMs();
        nextMinorMs = nextTellMs;
    }

    /** Whether what failed is to be tried again; where not, the process has to stop. */
    synchronized boolean mayWait(Part part, StorageException failure) {
        if (!failure.passes()) {
            return false;
        }
        long nowMs = time.monotonicMs();
        Waiting known = waiting.computeIfAbsent(part, unused -> new Waiting(nowMs, failure.kind()));
        if (failure.kind() != Kind.UNCLEAR) {
            known.unclearSinceMs = nowMs;
        }
        known.kind = failure.kind();
        anyWaits = true;
        tell(nowMs, failure.getMessage(), part != Part.HOUSEKEEPING);
        return nowMs - known.unclearSinceMs < UNCLEAR_MS_MAX;
    }

    /** The part has work, and leaves what space there is to others. */
    synchronized void givesWay(Part part) {
        waiting.computeIfAbsent(part, unused -> new Waiting(time.monotonicMs(), Kind.FULL));
        anyWaits = true;
    }

    /** The part's work succeeded. */
    void goesOn(Part part) {
        if (anyWaits) {
            end(part);
        }
    }

    private synchronized void end(Part part) {
        waiting.remove(part);
        anyWaits = !waiting.isEmpty();
        tellEnd();
    }

    /** Free space was looked at. */
    synchronized void onFreeSpace(boolean isLow, long freeBytes, long minBytes) {
        low = isLow;
        if (isLow) {
            tell(time.monotonicMs(), "free=" + freeBytes + " min=" + minBytes, true);
        } else {
            tellEnd();
        }
    }

    /** What holds nobody up is told as rarely, and does not use up the minute of what does. */
    private void tell(long nowMs, @Nullable String reason, boolean holdsUp) {
        if (nowMs >= (holdsUp ? nextTellMs : nextMinorMs)) {
            nextTellMs = holdsUp ? nowMs + TELL_EVERY_MS : nextTellMs;
            nextMinorMs = nowMs + TELL_EVERY_MS;
            told = true;
            if (low) {
                LOG.warn("disk low, publishing to durable topics is refused waiting={} {}", waiting.keySet(), reason);
            } else {
                LOG.warn("storage cannot go on, it is tried again waiting={} {}", waiting.keySet(), reason);
            }
        }
    }

    private void tellEnd() {
        if (told && !low && waiting.isEmpty()) {
            told = false;
            LOG.info("disk has space again, storage goes on");
        }
    }

    /** The journal had to be given its reserve, or holds it again: what is left is for what makes room. Any thread. */
    void reserveUsed(boolean used) {
        reserveUsed = used;
    }

    boolean isReserveUsed() {
        return reserveUsed;
    }

    /** Whether the journal or the segments find no space. */
    boolean isFull() {
        return anyWaits && anyIsFull();
    }

    private synchronized boolean anyIsFull() {
        return isFull(waiting.get(Part.JOURNAL)) || isFull(waiting.get(Part.SEGMENTS));
    }

    private static boolean isFull(@Nullable Waiting part) {
        return part != null && part.kind == Kind.FULL;
    }

    /** For how long the journal or the segments have not gone on; 0 where they do. */
    synchronized long writersWaitMs() {
        long nowMs = time.monotonicMs();
        long longest = 0;
        for (Map.Entry<Part, Waiting> each : waiting.entrySet()) {
            if (each.getKey() == Part.JOURNAL || each.getKey() == Part.SEGMENTS) {
                longest = Math.max(longest, nowMs - each.getValue().sinceMs + 1);
            }
        }
        return longest;
    }
}
