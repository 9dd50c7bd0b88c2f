package dev.recado.cli;

import dev.recado.base.Plural;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells a person, every two seconds of long work, how far it is; and how much it was in the end. One owner. */
public final class Progress {

    private static final long EVERY_NANOS = 2_000_000_000L;
    private static final double NANOS_A_SECOND = 1e9;
    /** A look at the clock costs more than a message that is only counted. */
    private static final int LOOK_EVERY_MESSAGES = 256;

    private static final double MIB = 1 << 20;

    private final Consumer<String> told;
    private final String done;
    private final boolean inBytes;
    private final long startNanos = System.nanoTime();
    private long toldNanos = startNanos;
    private long count;
    private int calls;

    private Progress(Consumer<String> told, String done, boolean inBytes) {
        this.told = told;
        this.done = done;
        this.inBytes = inBytes;
    }

    /** Counts messages; {@code done} is the past participle of the work, such as "sent". */
    static Progress ofMessages(Consumer<String> told, String done) {
        return new Progress(told, done, false);
    }

    /** Counts bytes; {@code told} is given a line now and then. */
    public static Progress ofBytes(Consumer<String> told, String done) {
        return new Progress(told, done, true);
    }

    /** The next stage of the same work, told to the same. */
    public Progress next(String nextDone) {
        return new Progress(told, nextDone, inBytes);
    }

    /** Called once a message with how many there are by now. */
    void onMessage(long soFar) {
        count = soFar;
        if (++calls % LOOK_EVERY_MESSAGES == 0) {
            look();
        }
    }

    /** Called once a buffer or so. */
    public void onBytes(int more) {
        count += more;
        look();
    }

    private void look() {
        long nowNanos = System.nanoTime();
        if (nowNanos - toldNanos >= EVERY_NANOS) {
            toldNanos = nowNanos;
            told.accept("... " + text(count));
        }
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / NANOS_A_SECOND;
    }

    /** For example {@code sent 3 messages in 0.012 s, 250/s} or {@code written 300 MiB in 2.000 s, 150 MiB/s}. */
    String text(long amount) {
        double seconds = seconds();
        return inBytes
                ? String.format(
                        Locale.ROOT,
                        "%s %.0f MiB in %.3f s, %.0f MiB/s",
                        done,
                        amount / MIB,
                        seconds,
                        amount / MIB / seconds)
                : done + " " + Plural.of(amount, "message")
                        + String.format(Locale.ROOT, " in %.3f s, %.0f/s", seconds, amount / seconds);
    }
}
