package dev.recado.app.classic;

import dev.recado.base.Check;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the classic files as {@link ClassicReader} reads them. TIMESTAMP is written in seconds, so milliseconds are
 * cut off. Buffers nothing; the stream stays its owner's. Not thread-safe.
 */
public final class ClassicWriter {

    private final OutputStream out;

    public ClassicWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes one message; {@code timestampMs} is milliseconds since the epoch. */
    public void message(long id, long timestampMs, byte[] bytes, int from, int length) throws IOException {
        Check.that(id >= 0 && timestampMs >= 0, "negative field of a classic message", id, timestampMs);
        out.write((id + ":" + timestampMs / 1000 + ":" + length + ":").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, from, length);
        out.write('\n');
    }

    /** Writes the position of one consumer; {@code consumer} is its id as on the wire, without colon and line end. */
    public void consumer(String consumer, long offset) throws IOException {
        boolean framed = !consumer.isEmpty() && consumer.indexOf(':') < 0 && consumer.indexOf('\n') < 0;
        Check.that(framed && offset >= 0, "a classic consumer's id has neither colon nor line end");
        out.write(("CONSUMER:" + consumer + ":" + offset + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
