package dev.recado.apps.divide;

import dev.recado.base.Quantities;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the sink is told; on the wire frames of text, the first of which names the kind. */
sealed interface Report {

    /** {@code [batch][id][tasks]}, from the master before its first task: so many results shall come. */
    record Batch(String batch, long tasks) implements Report {}

    /** {@code [done][batch][path][worker][bytes][ms]}: so many bytes came of an image. */
    record Done(String batch, String path, String worker, long bytes, long ms) implements Report {}

    /** {@code [failed][batch][path][worker][reason]}: an image could not be filtered. */
    record Failed(String batch, String path, String worker, String reason) implements Report {}

    default byte[][] frames() {
        List<String> words;
        if (this instanceof Batch it) {
            words = List.of("batch", it.batch, Long.toString(it.tasks));
        } else if (this instanceof Done it) {
            words = List.of("done", it.batch, it.path, it.worker, Long.toString(it.bytes), Long.toString(it.ms));
        } else if (this instanceof Failed it) {
            words = List.of("failed", it.batch, it.path, it.worker, it.reason);
        } else {
            throw new AssertionError("no such report: " + this);
        }
        return words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** Null where the frames are no report. */
    static @Nullable Report of(List<byte[]> frames) {
        List<String> words = frames.stream()
                .map(frame -> new String(frame, StandardCharsets.UTF_8))
                .toList();
        String shape = words.get(0) + " " + words.size();
        Report report =
                switch (shape) {
                    case "batch 3" -> new Batch(words.get(1), Quantities.number(words.get(2)));
                    case "done 6" ->
                        new Done(
                                words.get(1),
                                words.get(2),
                                words.get(3),
                                Quantities.number(words.get(4)),
                                Quantities.number(words.get(5)));
                    case "failed 5" -> new Failed(words.get(1), words.get(2), words.get(3), words.get(4));
                    default -> null;
                };
        return report == null || hasInvalidNumber(report) ? null : report;
    }

    private static boolean hasInvalidNumber(Report report) {
        return report instanceof Batch batch && batch.tasks < 0
                || report instanceof Done done && (done.bytes < 0 || done.ms < 0);
    }
}
