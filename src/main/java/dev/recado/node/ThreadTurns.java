package dev.recado.node;

import dev.recado.base.WorkerTurns;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Threads of the node's own, for what blocks; daemons, so that a process that failed can end. */
final class ThreadTurns implements WorkerTurns {

    private final ScheduledThreadPoolExecutor pool;
    private final long endMsMax;
    private final Consumer<Throwable> onFailure;

    /** {@code endMsMax}: how long {@link #end} waits; {@code onFailure} hears of what a task ends with. */
    ThreadTurns(String name, int threads, long endMsMax, Consumer<Throwable> onFailure) {
        this.endMsMax = endMsMax;
        this.onFailure = onFailure;
        AtomicInteger number = new AtomicInteger();
        pool = new ScheduledThreadPoolExecutor(threads, task -> {
            int of = number.incrementAndGet();
            Thread thread = new Thread(task, threads == 1 ? name : name + "-" + of);
            thread.setDaemon(true);
            return thread;
        });
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(() -> run(task));
        } catch (RejectedExecutionException refused) {
            unlessEnded(refused);
        }
    }

    @Override
    public void after(long ms, Runnable task) {
        try {
            pool.schedule(() -> run(task), ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException refused) {
            unlessEnded(refused);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            onFailure.accept(failure);
        }
    }

    private void unlessEnded(RejectedExecutionException refused) {
        if (!pool.isShutdown()) {
            throw refused;
        }
    }

    @Override
    public boolean end() {
        pool.shutdown();
        try {
            return pool.awaitTermination(endMsMax, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** As {@link #end} without waiting: a task of its own may call it. What waits for a delay is dropped. */
    void shut() {
        pool.shutdown();
    }
}
