package dev.recado.app;

import dev.recado.app.classic.ClassicReader;
import dev.recado.app.classic.ClassicSink;
import dev.recado.base.PercentCodec;
import dev.recado.base.Plural;
import dev.recado.cli.Progress;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a scanned classic file. The number of a message is its place among the file's messages, from 0.
 *
 * <p>The same import given again (see {@link ImportRun}) begins {@code ClientOptions.IN_FLIGHT_MAX} numbers before
 * the one that the broker expects, and the broker drops what it has. Everything below is stored: a refusal stops the
 * import, and at most twice {@link #IN_FLIGHT_MAX} numbers can be sent behind the refused one before the caller hears
 * of it. A group is made as soon as the message at its position is stored and before more is sent, so that below there
 * its group exists as well.
 */
final class ClassicImport implements ClassicSink {

    static final int IN_FLIGHT_MAX = 1_024;

    private static final String TOO_LONG = "Message too long";

    private final RecadoClient client;
    private final String topic;
    private final ClassicScan scan;
    private final PrintWriter err;
    private final Progress progress;
    private final NavigableMap<Long, List<String>> positions;
    /** Number of the first message that is sent; what is below is stored by an earlier run. */
    private final long start;
    /** What the topic held before. */
    private final TopicRange before;

    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong storedBefore = new AtomicLong();
    private final AtomicLong gone = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private long number;
    private long groups;
    private long groupProblems;
    private @Nullable CompletableFuture<MessageId> last;

    ClassicImport(
            RecadoClient client,
            String topic,
            ClassicScan scan,
            TopicRange before,
            PrintWriter err,
            Progress progress) {
        this.client = client;
        this.before = before;
        this.topic = topic;
        this.scan = scan;
        this.err = err;
        this.progress = progress;
        positions = scan.positions();
        start = client.nextNumber();
    }

    void run(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            new ClassicReader(in, ClassicScan.CONTENT_BYTES_MAX).read(this);
        }
        client.awaitConfirmed(Long.MAX_VALUE / 1_000_000);
        if (!stopped.get() && !positions.isEmpty()) {
            makeGroups(positions, last, 1);
        }
        RecadoException failure = client.failure();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void onMessage(long id, long timestamp, byte[] content) {
        if (stopped.get()) {
            return;
        }
        NavigableMap<Long, List<String>> here = positions.headMap(id, true);
        boolean earlier = number++ < start;
        if (!earlier) {
            CompletableFuture<MessageId> sent = client.publish(topic, content);
            last = sent.whenComplete((where, failure) -> onAnswer(id, where, failure));
            progress.onBytes(content.length);
        }
        if (!here.isEmpty()) {
            if (earlier) {
                expectGroups(here);
            } else {
                makeGroups(here, last, 0);
            }
            here.clear();
        }
    }

    @Override
    public void onConsumer(String consumer, long offset) {
        // The scan has it.
    }

    @Override
    public OutputStream onProblem(long line, String fact) {
        return OutputStream.nullOutputStream(); // the scan has told it
    }

    /** On the client's reading thread. */
    private void onAnswer(long id, @Nullable MessageId where, @Nullable Throwable failure) {
        if (failure == null && where != null) {
            (before.precedes(where) ? storedBefore : stored).incrementAndGet();
            if (before.isGone(where)) {
                gone.incrementAndGet();
            }
            return;
        }
        String why = RecadoClient.unwrap(Objects.requireNonNull(failure)).text();
        refused.incrementAndGet();
        if (why.startsWith(TOO_LONG)) {
            err.println("not stored: id=" + id + " " + why);
        } else if (stopped.compareAndSet(false, true)) {
            err.println("stopped: id=" + id + " " + why);
        }
    }

    /** Makes the groups that stand at a message, or behind it where {@code distance} is 1. */
    private void makeGroups(
            NavigableMap<Long, List<String>> here, @Nullable CompletableFuture<MessageId> at, int distance) {
        String from = position(at, distance);
        for (String name : here.values().stream().flatMap(List::stream).toList()) {
            if (from == null) {
                groupProblem(name, "the message at its position is not stored in one sequence");
            } else {
                try {
                    client.admin()
                            .createGroup(topic, name, Map.of("from", from))
                            .join();
                    groups++;
                } catch (CompletionException e) {
                    groupProblem(name, RecadoClient.unwrap(e).text());
                }
            }
        }
    }

    /** What {@code GROUP:CREATE} takes as the beginning; null where there is none. */
    private @Nullable String position(@Nullable CompletableFuture<MessageId> at, int distance) {
        if (at == null) {
            return scan.messages() == 0 ? "next" : null;
        }
        try {
            MessageId id = at.join();
            return id.partition() < 0 ? Long.toString(id.offset() + distance) : null;
        } catch (CompletionException refusedMessage) {
            return null;
        }
    }

    /** These stand at a message that an earlier run has stored, which has made their groups if it knew of them. */
    private void expectGroups(NavigableMap<Long, List<String>> here) {
        List<String> existing = client.admin().listGroups(topic).join();
        for (String name : here.values().stream().flatMap(List::stream).toList()) {
            if (existing.stream().noneMatch(json -> ClassicExport.nameIn(json).equals(name))) {
                groupProblem(name, "the message at its position was imported by an earlier run without it");
            }
        }
    }

    private void groupProblem(String name, String why) {
        groupProblems++;
        err.println("position of " + PercentCodec.encode(name) + " not set: " + why);
    }

    boolean complete() {
        return refused.get() == 0 && groupProblems == 0 && scan.problems() == 0 && !stopped.get();
    }

    /** What was done, for a script. */
    void write(BiConsumer<String, Object> field) {
        field.accept("done", "imported");
        field.accept("topic", topic);
        field.accept("stored", stored.get());
        field.accept("passed-over", Math.min(start, number) + storedBefore.get());
        field.accept("refused", refused.get());
        field.accept("groups", groups);
        field.accept("problems", scan.problems() + groupProblems);
    }

    /** What was done, for the last line. */
    String summary(Path file) {
        StringBuilder told = new StringBuilder("imported ").append(Plural.of(stored.get(), "message"));
        told.append(" of ").append(file).append(" to ").append(topic);
        long earlier = Math.min(start, number) + storedBefore.get();
        if (earlier > 0) {
            told.append(", passed over ").append(earlier).append(" that an earlier run had stored");
        }
        if (gone.get() > 0) {
            told.append(" (some are no longer in the topic: --again imports all anew)");
        }
        if (groups > 0) {
            told.append(", ").append(Plural.of(groups, "position"));
        }
        if (stopped.get()) {
            told.append("; give the same command again to go on");
        } else if (!complete()) {
            told.append("; ").append(Plural.of(scan.problems() + refused.get() + groupProblems, "problem"));
        }
        return told.toString();
    }
}
