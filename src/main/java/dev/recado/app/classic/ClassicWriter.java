package dev.recado.app.classic;

import dev.recado.base.Check;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the classic files as {@link ClassicReader} reads them. Buffers nothing; the stream stays its owner's. Not
 * thread-safe.
 */
public final class ClassicWriter {

    private final OutputStream out;

    public ClassicWriter(OutputStream out) {
        this.out = out;
    }

    /** TIMESTAMP for a time in milliseconds since the epoch: seconds, so what is below one is cut off. */
    public static long timestampOf(long timeMs) {
        return Math.max(0, timeMs) / 1000;
    }

    /** Writes one message; {@code timestamp} as it is to stand there. */
    public void message(long id, long timestamp, byte[] bytes, int from, int length) throws IOException {
        Check.that(id >= 0 && timestamp >= 0, "negative field of a classic message", id, timestamp);
        out.write((id + ":" + timestamp + ":" + length + ":").getBytes(StandardCharsets.US_ASCII));
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
