package dev.recado.shard;

import dev.recado.base.TimeSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Entries with publishes that are on their way to the disk, of all shards, and when the last one went: what cold
 * deliveries of every loop give way to. Costs two counts an entry. Safe for any thread.
 */
public final class PublishesUnderWay {

    /** For so long after a publish the next one is expected. */
    static final long RECENT_NANOS = 50_000_000;

    private final TimeSource time;
    private final AtomicInteger entries = new AtomicInteger();
    private final List<Runnable> heard = new CopyOnWriteArrayList<>();
    private volatile long lastNanos;

    public PublishesUnderWay(TimeSource time) {
        this.time = time;
        lastNanos = time.monotonicNanos() - RECENT_NANOS;
    }

    long nowNanos() {
        return time.monotonicNanos();
    }

    /** Has {@code task} run, on the thread that says so, whenever the last entry under way is committed. */
    void whenNone(Runnable task) {
        heard.add(task);
    }

    void begun() {
        entries.incrementAndGet();
        lastNanos = nowNanos();
    }

    /** So many entries are committed, and who published has been told. */
    void ended(int fewer) {
        if (fewer > 0 && entries.addAndGet(-fewer) == 0) {
            for (Runnable task : heard) {
                task.run();
            }
        }
    }

    boolean isAny() {
        return entries.get() > 0;
    }

    /** Whether somebody publishes, as far as can be told at {@code nowNanos}. */
    boolean isRecent(long nowNanos) {
        return nowNanos - lastNanos < RECENT_NANOS || isAny();
    }
}
