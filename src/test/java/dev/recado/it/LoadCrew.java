package dev.recado.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Threads of one test; what goes wrong in one of them is thrown where they are joined. */
final class LoadCrew implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** Something that a thread of the crew does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable failure) {
                failures.add(failure);
            }
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Waits for all threads and throws the first failure of any. */
    void join() {
        Waiting.until("threads to end", LIMIT, () -> threads.stream().noneMatch(Thread::isAlive));
        threads.clear();
        check();
    }

    /** Throws the first failure that a thread has met so far. */
    void check() {
        Throwable failure = failures.poll();
        if (failure != null) {
            throw new AssertionError("in a thread of the test: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
