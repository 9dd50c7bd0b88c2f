package dev.recado.app;

import dev.recado.base.Quantities;
import java.io.PrintWriter;

/** Tells a person once a second how far long work is. */
final class ByteProgress {

    private static final long INTERVAL_NS = 1_000_000_000L;

    private final PrintWriter out;
    private final String verb;
    private long bytes;
    private long toldNs = System.nanoTime();

    ByteProgress(PrintWriter out, String verb) {
        this.out = out;
        this.verb = verb;
    }

    /** The same reader, the next stage. */
    ByteProgress(ByteProgress previous, String verb) {
        this(previous.out, verb);
    }

    void onBytes(int count) {
        bytes += count;
        long now = System.nanoTime();
        if (now - toldNs >= INTERVAL_NS) {
            toldNs = now;
            out.println(verb + " " + Quantities.formatBytes(bytes >> 20 << 20) + " …");
        }
    }
}
