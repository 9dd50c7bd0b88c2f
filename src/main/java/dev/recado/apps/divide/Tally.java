package dev.recado.apps.divide;

import dev.recado.base.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the sink knows: how many results shall come, how many came and what they say. Reports may come in any order, a
 * result even before its batch is announced, because they come over different connections.
 */
final class Tally {

    /** Batches and workers beyond this many are counted together. */
    private static final int NAMES_MAX = 1_000;

    private static final String OTHERS = "(others)";

    private static final class Progress {
        private long expected = -1;
        private long came;
    }

    private final long expected;
    private final Map<String, Progress> batches = new TreeMap<>();
    private final Map<String, Long> workers = new TreeMap<>();
    private long done;
    private long failed;
    private long bytes;
    private long msSum;
    private long msMax;

    /** Expects {@code expected} results; 0 for as many as the masters announce. */
    Tally(long expected) {
        this.expected = expected;
    }

    void on(Report report) {
        if (report instanceof Report.Batch it) {
            Progress batch = batch(it.batch());
            batch.expected = Math.max(0, batch.expected) + it.tasks();
        } else if (report instanceof Report.Done it) {
            done++;
            bytes += it.bytes();
            msSum += it.ms();
            msMax = Math.max(msMax, it.ms());
            onResult(it.batch(), it.worker());
        } else if (report instanceof Report.Failed it) {
            failed++;
            onResult(it.batch(), it.worker());
        }
    }

    private void onResult(String batch, String worker) {
        batch(batch).came++;
        boolean isFull = workers.size() >= NAMES_MAX && !workers.containsKey(worker);
        workers.merge(isFull ? OTHERS : worker, 1L, Long::sum);
    }

    private Progress batch(String id) {
        boolean isFull = batches.size() >= NAMES_MAX && !batches.containsKey(id);
        return batches.computeIfAbsent(isFull ? OTHERS : id, name -> new Progress());
    }

    /** Whether everything that was announced has a result, and something was. */
    boolean isComplete() {
        if (expected > 0) {
            return done + failed >= expected;
        }
        return isAnnounced() && missing() == 0;
    }

    /** Whether it is known how many results shall come. */
    boolean isAnnounced() {
        return expected > 0 || batches.values().stream().anyMatch(batch -> batch.expected >= 0);
    }

    /** Results that shall come and did not yet. */
    long missing() {
        if (expected > 0) {
            return Math.max(0, expected - done - failed);
        }
        return batches.values().stream()
                .mapToLong(batch -> Math.max(0, batch.expected - batch.came))
                .sum();
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    long failed() {
        return failed;
    }

    /** What came of it, in lines for people. */
    List<String> lines(double seconds) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "done %d, failed %d, missing %s in %.1f s, %.1f images/s",
                done,
                failed,
                isAnnounced() ? Long.toString(missing()) : "unknown",
                seconds,
                (done + failed) / seconds));
        if (done > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "bytes %d, ms per image %.1f on average, %d at most",
                    bytes,
                    (double) msSum / done,
                    msMax));
        }
        workers.forEach((worker, images) -> lines.add(worker + ": " + Plural.of(images, "image")));
        return lines;
    }
}
