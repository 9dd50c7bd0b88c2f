package dev.recado.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from a thread of its own whether the event loops end their turns, and logs one that has not for {@link
 * #LATE_MS} with its stack, once, and again when it goes on. Costs a loop one empty task every {@link #EVERY_MS}.
 */
final class LoopWatch {

    static final long LATE_MS = 2_000;
    static final long EVERY_MS = 250;
    /** A look that is this late says that the whole process stood still, not one loop. */
    private static final long STOOD_STILL_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    private final List<Looked> loops = new ArrayList<>();
    private final Report report;
    private @Nullable ScheduledExecutorService thread;
    private boolean stopped;
    private long lastLookMs = -1;

    /** What is watched. */
    interface Watched {
        /** Has {@code pong} run as a task of the loop. */
        void ping(Runnable pong);

        StackTraceElement[] stack();
    }

    /** Who is told. */
    interface Report {
        void late(int loop, long ms, StackTraceElement[] stack);

        void goesOn(int loop, long ms);
    }

    private static final class Looked {
        private final Watched loop;
        /** Written by the loop. */
        private volatile boolean answered = true;

        private long pingedMs;
        private boolean told;

        private Looked(Watched loop) {
            this.loop = loop;
        }
    }

    LoopWatch(List<? extends Watched> loops, Report report) {
        loops.forEach(loop -> this.loops.add(new Looked(loop)));
        this.report = report;
    }

    /** One that writes to the log. */
    static LoopWatch logging() {
        return new LoopWatch(List.of(), new Report() {
            @Override
            public void late(int loop, long ms, StackTraceElement[] stack) {
                Throwable where = new Throwable("where it is");
                where.setStackTrace(stack);
                LOG.warn("event loop does not end its turn loop={} ms={}", loop, ms, where);
            }

            @Override
            public void goesOn(int loop, long ms) {
                LOG.warn("event loop goes on loop={} ms={}", loop, ms);
            }
        });
    }

    /** Watches {@code watched} from now on, unless it was stopped before. */
    synchronized void start(List<? extends Watched> watched) {
        if (stopped) {
            return;
        }
        watched.forEach(loop -> loops.add(new Looked(loop)));
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, task -> {
            Thread watching = new Thread(task, "recado-watch");
            watching.setDaemon(true);
            return watching;
        });
        thread = made;
        made.scheduleWithFixedDelay(
                () -> look(System.nanoTime() / 1_000_000), EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    synchronized void stop() {
        stopped = true;
        ScheduledExecutorService running = thread;
        if (running != null) {
            running.shutdownNow();
        }
    }

    /** {@code nowMs} is monotonic. */
    void look(long nowMs) {
        boolean stoodStill = lastLookMs >= 0 && nowMs - lastLookMs > EVERY_MS + STOOD_STILL_MS;
        lastLookMs = nowMs;
        for (int index = 0; index < loops.size(); index++) {
            Looked one = loops.get(index);
            if (one.answered) {
                if (one.told) {
                    report.goesOn(index, nowMs - one.pingedMs);
                }
                one.told = false;
                one.answered = false;
                one.pingedMs = nowMs;
                one.loop.ping(() -> one.answered = true);
            } else if (stoodStill && !one.told) {
                one.pingedMs = nowMs;
            } else if (!one.told && nowMs - one.pingedMs >= LATE_MS) {
                one.told = true;
                report.late(index, nowMs - one.pingedMs, one.loop.stack());
            }
        }
    }
}
