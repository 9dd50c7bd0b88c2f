package dev.recado.cli;

import dev.recado.base.Plural;
import java.util.Locale;

/** Tells on standard error, every two seconds of long work, how far it is; and how much it was in the end. */
final class Progress {

    private static final long EVERY_NANOS = 2_000_000_000L;
    private static final double NANOS_A_SECOND = 1e9;
    private static final int LOOK_EVERY = 256;

    private final Terminal terminal;
    private final String done;
    private final long startNanos = System.nanoTime();
    private long toldNanos = startNanos;
    private int calls;

    /** {@code done} is the past participle of the work, such as "sent". */
    Progress(Terminal terminal, String done) {
        this.terminal = terminal;
        this.done = done;
    }

    /** Called once a message; looks at the clock now and then only. */
    void onMessage(long count) {
        if (++calls % LOOK_EVERY == 0) {
            long nowNanos = System.nanoTime();
            if (nowNanos - toldNanos >= EVERY_NANOS) {
                toldNanos = nowNanos;
                terminal.err().println("... " + text(count));
            }
        }
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / NANOS_A_SECOND;
    }

    /** For example {@code sent 3 messages in 0.012 s, 250/s}. */
    String text(long count) {
        double seconds = seconds();
        String rate = String.format(Locale.ROOT, " in %.3f s, %.0f/s", seconds, count / seconds);
        return done + " " + Plural.of(count, "message") + rate;
    }
}
