package dev.recado.bench;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Latencies that one or more threads record and one thread collects, in nanoseconds to three significant digits. Each
 * recording thread has a recorder of its own.
 */
final class LatencyLog {

    private static final long LOWEST_NANOS = 1_000;
    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder[] recorders;
    private final @Nullable Histogram[] spare;
    private final Histogram interval = new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
    private final Histogram total = new Histogram(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);

    LatencyLog(int threads) {
        recorders = new SingleWriterRecorder[threads];
        spare = new @Nullable Histogram[threads];
        for (int i = 0; i < threads; i++) {
            recorders[i] = new SingleWriterRecorder(LOWEST_NANOS, HIGHEST_NANOS, DIGITS);
        }
    }

    /** For thread {@code index} only. */
    Writer writer(int index) {
        return new Writer(recorders[index]);
    }

    /** Records on one thread. */
    static final class Writer {
        private final SingleWriterRecorder recorder;

        private Writer(SingleWriterRecorder recorder) {
            this.recorder = recorder;
        }

        void record(long nanos) {
            recorder.recordValue(Math.max(0, Math.min(HIGHEST_NANOS, nanos)));
        }
    }

    /** What was recorded since the last call; valid until the next one. */
    Histogram collect() {
        interval.reset();
        for (int i = 0; i < recorders.length; i++) {
            Histogram taken = recorders[i].getIntervalHistogram(spare[i]);
            interval.add(taken);
            spare[i] = taken;
        }
        total.add(interval);
        return interval;
    }

    /** Everything collected so far. */
    Histogram total() {
        return total;
    }
}
