package dev.recado.apps.divide;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLink;
import dev.recado.apps.ZmqLinks;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;

/** Conquers: takes tasks, filters their images and reports what came of each, until it receives an end. */
final class Worker {

    /** How long a sink may take no result before the worker gives up, in milliseconds. */
    private static final long RESULTS_LIMIT_MS = 30_000;

    private final String name;
    private final ImageFiles files;
    private final long idleExitMs;
    private long done;
    private long failed;

    /**
     * Not connected yet.
     *
     * @param idleExitMs milliseconds without a task after which to end; 0 for never
     */
    Worker(String name, ImageFiles files, long idleExitMs) {
        this.name = name;
        this.files = files;
        this.idleExitMs = idleExitMs;
    }

    /**
     * Works until an end comes, nothing comes for too long, or it is stopped.
     *
     * @param tasks where the broker gives tasks out
     * @param results where the sink listens, or {@link EndpointConverter#NONE}
     * @param onConnected runs once it is connected to both
     * @throws IOException if the sink takes no results any more
     */
    void run(ZmqLinks links, String tasks, String results, Stop stop, Runnable onConnected) throws IOException {
        ZmqLink sink = results.equals(EndpointConverter.NONE) ? null : links.connect(SocketType.PUSH, results);
        ZmqLink source = links.connect(SocketType.PULL, tasks);
        onConnected.run();
        work(source, sink, stop);
        // After a stop nothing is waited for, so the last results may be lost then.
        if (!links.flush(RESULTS_LIMIT_MS) && !stop.isRequested()) {
            throw new IOException("the sink took no results for " + RESULTS_LIMIT_MS + " ms");
        }
    }

    private void work(ZmqLink source, @Nullable ZmqLink sink, Stop stop) throws IOException {
        long lastNanos = System.nanoTime();
        while (!stop.isRequested()) {
            List<byte[]> frames = source.receive();
            if (frames == null) {
                if (idleExitMs > 0 && ZmqLink.isOver(lastNanos, idleExitMs)) {
                    return;
                }
                continue;
            }
            if (Task.isEnd(frames)) {
                return;
            }
            Report report = perform(Task.of(frames));
            if (sink != null && !sink.send(RESULTS_LIMIT_MS, report.frames()) && !stop.isRequested()) {
                throw new IOException("the sink took no results for " + RESULTS_LIMIT_MS + " ms");
            }
            lastNanos = System.nanoTime();
        }
    }

    /** Whatever is wrong with one image is told and does not end the work. */
    private Report perform(Task task) {
        long beginNanos = System.nanoTime();
        try {
            long bytes = files.filter(Path.of(task.path()));
            done++;
            return new Report.Done(
                    task.batch(), task.path(), name, bytes, (System.nanoTime() - beginNanos) / 1_000_000);
        } catch (IOException | InvalidPathException e) {
            failed++;
            return new Report.Failed(task.batch(), task.path(), name, String.valueOf(e.getMessage()));
        }
    }

    String name() {
        return name;
    }

    long done() {
        return done;
    }

    long failed() {
        return failed;
    }
}
