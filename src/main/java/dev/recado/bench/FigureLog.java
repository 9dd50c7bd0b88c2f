package dev.recado.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Turns counters and recorders into stretches, rates and latencies. Owned by the reporting thread. */
final class FigureLog {

    private static final long NANOS_A_MS = 1_000_000;
    private static final double NANOS_A_US = 1e3;
    private static final double NANOS_A_SECOND = 1e9;
    private static final long STRETCH_MS_MIN = 200;
    private static final long STRETCH_MS_MAX = 1_000;
    private static final int STRETCHES_WANTED = 60;

    /** Counters at one moment. */
    private record Mark(long nanos, long sent, long confirmed, long delivered) {}

    private final RunState run;
    private final LoadThreads threads;
    private final Consumer<Interval> progress;
    private final IntervalLog intervals = new IntervalLog();
    private final long stretchNanos;

    private long startNanos;
    private Mark last = new Mark(0, 0, 0, 0);
    private Mark measured = last;
    private Mark sendingEnd = last;
    private long cpuStartNanos;
    private double cpuCores;
    private boolean warm;

    FigureLog(RunState run, LoadThreads threads, Consumer<Interval> progress) {
        this.run = run;
        this.threads = threads;
        this.progress = progress;
        long length = (run.plan.timing().warmUpMs() + run.plan.timing().durationMs()) / STRETCHES_WANTED;
        stretchNanos = Math.max(STRETCH_MS_MIN, Math.min(STRETCH_MS_MAX, length)) * NANOS_A_MS;
    }

    void begin() {
        RunState.Times times = run.times();
        startNanos = times == null ? System.nanoTime() : times.startNanos();
        last = new Mark(startNanos, 0, 0, threads.delivered());
        measured = last;
        warm = run.plan.timing().warmUpMs() == 0;
        cpuStartNanos = cpuNanos();
    }

    /** Called often; ends a stretch where it is time, and at the end of the warm-up. */
    void onTime(long nowNanos) {
        RunState.Times times = run.times();
        boolean begins = !warm && times != null && nowNanos - times.measureFromNanos() >= 0;
        if (begins || nowNanos - last.nanos >= stretchNanos) {
            endStretch(nowNanos);
            if (begins) {
                warm = true;
                measured = last;
            }
        }
    }

    void onSendingEnd() {
        endStretch(System.nanoTime());
        sendingEnd = last;
        cpuCores = (cpuNanos() - cpuStartNanos) / (double) Math.max(1, last.nanos - startNanos);
    }

    void end() {
        endStretch(System.nanoTime());
    }

    private void endStretch(long nowNanos) {
        Mark now = new Mark(nowNanos, threads.sent(), threads.confirmed(), threads.delivered());
        Interval.Span confirm = span(threads.confirmLatencies().collect());
        Interval.Span deliver = span(threads.deliverLatencies().collect());
        long fromMs = (last.nanos - startNanos) / NANOS_A_MS;
        long lengthMs = (nowNanos - startNanos) / NANOS_A_MS - fromMs;
        if (lengthMs <= 0) {
            return;
        }
        Interval interval = new Interval(
                fromMs,
                lengthMs,
                new Interval.Counts(
                        now.sent - last.sent, now.confirmed - last.confirmed, now.delivered - last.delivered),
                confirm,
                deliver,
                threads.takeBehindNanos() / (double) NANOS_A_MS);
        last = now;
        intervals.add(interval);
        progress.accept(interval);
    }

    private static Interval.Span span(Histogram histogram) {
        // An empty histogram's highest value is the width of its first slot.
        double max = histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue() / NANOS_A_US;
        return new Interval.Span(Latency.at(histogram, 50), Latency.at(histogram, 99), max);
    }

    private static long cpuNanos() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean known ? known.getProcessCpuTime() : 0;
    }

    LoadResult.Rates rates() {
        if (!warm || sendingEnd.nanos <= measured.nanos) {
            return new LoadResult.Rates(0, 0, 0, 0);
        }
        return new LoadResult.Rates(
                (sendingEnd.nanos - measured.nanos) / NANOS_A_SECOND,
                rate(sendingEnd.sent - measured.sent, sendingEnd.nanos),
                rate(last.confirmed - measured.confirmed, threads.lastConfirmNanos()),
                rate(last.delivered - measured.delivered, threads.lastDeliveryNanos()));
    }

    private double rate(long count, long untilNanos) {
        long nanos = untilNanos - measured.nanos;
        return count <= 0 || nanos <= 0 ? 0 : count * NANOS_A_SECOND / nanos;
    }

    Latency confirm() {
        return Latency.of(threads.confirmLatencies().total());
    }

    Latency deliver() {
        return Latency.of(threads.deliverLatencies().total());
    }

    List<Interval> intervals() {
        return intervals.intervals();
    }

    /** After the threads have ended. */
    LoadResult.Generator generator() {
        double blocked = 0;
        long behindMax = 0;
        List<Sender> senders = threads.senders();
        for (Sender sender : senders) {
            blocked += sender.blockedNanos();
            behindMax = Math.max(behindMax, sender.behindMaxNanos());
        }
        long nanos = Math.max(1, sendingEnd.nanos - startNanos);
        List<Interval> all = intervals.intervals();
        double behindEnd = 0;
        for (Interval interval : all) {
            if (interval.fromMs() <= (sendingEnd.nanos - startNanos) / NANOS_A_MS - interval.lengthMs()) {
                behindEnd = interval.behindMs();
            }
        }
        return new LoadResult.Generator(
                behindMax / (double) NANOS_A_MS, behindEnd, Math.min(1, blocked / senders.size() / nanos), cpuCores);
    }
}
