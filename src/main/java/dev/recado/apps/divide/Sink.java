package dev.recado.apps.divide;

import dev.recado.apps.Printable;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLink;
import java.util.List;
import java.util.function.Consumer;

/** Gathers what the workers report, until everything that the master announced has come. */
final class Sink {

    private final Tally tally;
    private final long idleExitMs;
    private final Consumer<String> tell;
    private long strange;
    private long beginNanos;
    private long endNanos;

    /**
     * Nothing gathered yet.
     *
     * @param expected how many results shall come; 0 for as many as masters announce
     * @param idleExitMs milliseconds without a report, after the first one, after which to give up; 0 for never
     * @param tell hears of each image that failed
     */
    Sink(long expected, long idleExitMs, Consumer<String> tell) {
        this.tally = new Tally(expected);
        this.idleExitMs = idleExitMs;
        this.tell = tell;
    }

    /** Gathers until all is there, nothing comes for too long, or it is stopped; answers whether all is there. */
    boolean run(ZmqLink reports, Stop stop) {
        beginNanos = System.nanoTime();
        endNanos = beginNanos;
        while (!tally.isComplete() && !stop.isRequested()) {
            List<byte[]> frames = reports.receive();
            if (frames != null) {
                onMessage(frames);
            } else if (idleExitMs > 0 && !tally.isEmpty() && ZmqLink.isOver(endNanos, idleExitMs)) {
                break;
            }
        }
        return tally.isComplete();
    }

    private void onMessage(List<byte[]> frames) {
        Report report = Report.of(frames);
        endNanos = System.nanoTime();
        if (report == null) {
            strange++;
            return;
        }
        // What counts is the work, not how long somebody took to type the command that began it.
        beginNanos = tally.isEmpty() ? endNanos : beginNanos;
        tally.on(report);
        if (report instanceof Report.Failed failed) {
            tell.accept("failed: " + Printable.of(failed.path()) + ": " + Printable.of(failed.reason()));
        }
    }

    Tally tally() {
        return tally;
    }

    /** What came of it, in lines for people. */
    List<String> lines() {
        return tally.lines(Math.max(1, endNanos - beginNanos) / 1e9);
    }

    /** Messages that were no reports. */
    long strange() {
        return strange;
    }
}
