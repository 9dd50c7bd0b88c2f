package dev.recado.apps.divide;

import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLink;
import dev.recado.apps.ZmqLinks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.zeromq.SocketType;

/** Master, workers and sink on threads of one process; tasks go through the broker all the same. */
final class LocalRun {

    /** How long workers have to receive their ends after the last result came, in milliseconds. */
    private static final long ENDS_MS = 2_000;

    private static final long WAIT_MS = 50;

    /**
     * What to do.
     *
     * @param push where the broker takes tasks
     * @param pull where it gives them out
     */
    record Plan(
            ImageFolder images, Path target, Filter filter, int workers, String push, String pull, long idleExitMs) {}

    private final Plan plan;
    private final ExampleOptions options;
    /** Ends all parts: at a signal, at a failure of one, or when the work is done. */
    private final Stop stop;

    private final Sink sink;

    LocalRun(Plan plan, ExampleOptions options, Stop stop) {
        this.plan = plan;
        this.options = options;
        this.stop = stop;
        this.sink = new Sink(0, plan.idleExitMs(), options.err()::println);
    }

    /** Runs it all; answers whether every image has a result. */
    boolean run() throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(plan.workers() + 1, LocalRun::daemon);
        List<Future<?>> parts = new ArrayList<>();
        try (ZmqLinks links = options.links(stop)) {
            ZmqLink reports = links.bind(SocketType.PULL, "tcp://127.0.0.1:*");
            String results = reports.endpoint();
            CountDownLatch connected = new CountDownLatch(plan.workers());
            for (int i = 1; i <= plan.workers(); i++) {
                String name = "worker-" + i;
                parts.add(threads.submit(() -> guarded(() -> runWorker(name, results, connected))));
            }
            // The first worker would be given everything that comes before the others are there.
            while (connected.getCount() > 0 && !stop.within(WAIT_MS)) {}
            parts.add(threads.submit(() -> guarded(() -> runMaster(results))));
            boolean complete = sink.run(reports, stop);
            finish(parts);
            return complete;
        } finally {
            stop.request();
            threads.shutdown();
        }
    }

    private interface Part {
        void run() throws IOException;
    }

    /** A part that fails ends the others, which would wait for it. */
    private Void guarded(Part part) throws IOException {
        try {
            part.run();
            return null;
        } catch (IOException | RuntimeException | Error e) {
            stop.request();
            throw e;
        }
    }

    private void runWorker(String name, String results, CountDownLatch connected) throws IOException {
        ImageFiles files = new ImageFiles(plan.target(), plan.filter(), ImageFiles.pixelsMax(plan.workers()));
        try (ZmqLinks links = options.links(stop)) {
            new Worker(name, files, 0).run(links, plan.pull(), results, stop, connected::countDown);
        }
    }

    private void runMaster(String results) throws IOException {
        try (ZmqLinks links = options.links(stop)) {
            new Master(plan.images(), plan.workers()).run(links, plan.push(), results);
        }
    }

    /** Lets the parts end by themselves, since an end that no worker took would meet the next run's. */
    private void finish(List<Future<?>> parts) throws IOException {
        long beginNanos = System.nanoTime();
        while (!parts.stream().allMatch(Future::isDone)
                && System.nanoTime() - beginNanos < ENDS_MS * 1_000_000
                && !stop.within(WAIT_MS)) {}
        stop.request();
        for (Future<?> part : parts) {
            await(part);
        }
    }

    private static void await(Future<?> part) throws IOException {
        try {
            part.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("a part of the run failed", e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IOException("a part of the run does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "example-divide");
        thread.setDaemon(true);
        return thread;
    }

    Sink sink() {
        return sink;
    }
}
