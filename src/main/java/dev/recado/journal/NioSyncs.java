package dev.recado.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Many syncs at once: a file system makes those that come together durable with far fewer writes than one behind the
 * other, and each alone waits for the disk. The threads live as long as the call.
 */
final class NioSyncs {

    /** Fewer are not worth a thread. */
    private static final int MANY = 32;

    private static final int THREADS = 16;

    private NioSyncs() {}

    /**
     * Calls {@code sync} with 0 to {@code count - 1}, from several threads where they are many; on return all are done.
     *
     * @throws StorageException the first that one of them threw; which of the others were done is unknown then
     */
    static void each(int count, IntConsumer sync) {
        if (count < MANY) {
            for (int i = 0; i < count; i++) {
                sync.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS, NioSyncs::thread);
        try {
            List<CompletableFuture<Void>> workers = new ArrayList<>(THREADS);
            for (int i = 0; i < THREADS; i++) {
                workers.add(CompletableFuture.runAsync(() -> work(next, count, sync), pool));
            }
            join(workers);
        } finally {
            pool.shutdown();
        }
    }

    private static void work(AtomicInteger next, int count, IntConsumer sync) {
        try {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                sync.accept(i);
            }
        } catch (StorageException e) {
            next.set(count);
            throw e;
        }
    }

    /** Of all, also where one has failed: nothing of it goes on behind the call. */
    private static void join(List<CompletableFuture<Void>> workers) {
        StorageException failure = null;
        for (CompletableFuture<Void> worker : workers) {
            try {
                worker.join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof StorageException storage)) {
                    throw e;
                }
                failure = failure == null ? storage : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "recado-sync");
        thread.setDaemon(true);
        return thread;
    }
}
