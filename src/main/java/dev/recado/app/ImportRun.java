package dev.recado.app;

import dev.recado.app.classic.ClassicReader;
import dev.recado.app.classic.ClassicSink;
import dev.recado.client.ClientOptions;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the producer's id under which an import goes on. An import has the id that its content gives, and behind that
 * runs {@code -2}, {@code -3} and so on: what the broker has stored under an id it does not store again, though it may
 * have been purged since.
 *
 * <p>The rule: the last message that the broker has under an id tells. Where it is in the topic still, that run goes
 * on. Where it is gone from a log (purged, or past its retention), nothing of that run is left, and the next run stores
 * all of it anew. A message that is gone from a queue was most probably consumed: that run goes on, unless told
 * otherwise.
 */
final class ImportRun {

    private static final int RUNS_MAX = 1_000;

    private final Function<String, ClientOptions> options;
    private final Path file;
    private final TopicRange range;
    private final String topic;

    /** {@code options} makes a client's options for a producer's id. */
    ImportRun(Function<String, ClientOptions> options, String topic, Path file, TopicRange range) {
        this.options = options;
        this.topic = topic;
        this.file = file;
        this.range = range;
    }

    /**
     * The id of the run that goes on, or of the first that has stored nothing where {@code again}.
     *
     * @param first the id of the first run
     */
    String find(String first, boolean again) throws IOException {
        String id = first;
        for (int run = 2; run <= RUNS_MAX && hasEnded(id, again); run++) {
            id = first + "-" + run;
        }
        return id;
    }

    private boolean hasEnded(String id, boolean again) throws IOException {
        long next;
        try (RecadoClient client = RecadoClient.connect(options.apply(id).rewind(0))) {
            next = client.nextNumber();
        }
        if (next == 0 || again) {
            return next > 0;
        }
        byte[] content = range.keeps() ? content(next - 1) : null;
        if (content == null) {
            return false;
        }
        try (RecadoClient client = RecadoClient.connect(options.apply(id).rewind(1))) {
            MessageId last = client.publish(topic, content).join();
            return range.isGone(last);
        } catch (CompletionException refused) {
            return false; // what is in the way shows when the run goes on
        }
    }

    /** The content of a message by its place in the file, from 0; null where there are not so many. */
    private byte @Nullable [] content(long number) throws IOException {
        Pick pick = new Pick(number);
        try (InputStream in = Files.newInputStream(file)) {
            new ClassicReader(in, ClassicScan.CONTENT_BYTES_MAX).read(pick);
        }
        return pick.found;
    }

    /** Keeps one message of the file. */
    private static final class Pick implements ClassicSink {
        private long left;
        private byte @Nullable [] found;

        Pick(long number) {
            left = number;
        }

        @Override
        public void onMessage(long id, long timestamp, byte[] content) {
            if (left-- == 0) {
                found = content;
            }
        }

        @Override
        public void onConsumer(String consumer, long offset) {
            // Only messages are counted.
        }

        @Override
        public OutputStream onProblem(long line, String fact) {
            return OutputStream.nullOutputStream();
        }
    }
}
