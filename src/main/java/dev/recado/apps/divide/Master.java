package dev.recado.apps.divide;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ZmqLink;
import dev.recado.apps.ZmqLinks;
import java.io.IOException;
import java.util.UUID;
import org.zeromq.SocketType;

/** Divides: one task per image, then one end per worker. */
final class Master {

    private final ImageFolder images;
    private final int ends;
    private final String batch = UUID.randomUUID().toString().substring(0, 8);
    private int tasksSent;

    Master(ImageFolder images, int ends) {
        this.images = images;
        this.ends = ends;
    }

    /**
     * Sends all of it and waits until it has left this process. Answers whether it has; not where it is stopped before.
     *
     * @param tasks where the broker takes tasks
     * @param results where the sink listens, or {@link EndpointConverter#NONE}
     */
    boolean run(ZmqLinks links, String tasks, String results) throws IOException {
        if (!results.equals(EndpointConverter.NONE)) {
            ZmqLink sink = links.connect(SocketType.PUSH, results);
            if (!sink.send(
                    ZmqLink.FOR_EVER_MS, new Report.Batch(batch, images.names().size()).frames())) {
                return false;
            }
        }
        return send(links.connect(SocketType.PUSH, tasks)) && links.flush(ZmqLink.FOR_EVER_MS);
    }

    private boolean send(ZmqLink tasks) {
        for (String name : images.names()) {
            Task task = new Task(images.folder().resolve(name).toString(), batch);
            if (!tasks.send(ZmqLink.FOR_EVER_MS, task.frames())) {
                return false;
            }
            tasksSent++;
        }
        for (int i = 0; i < ends; i++) {
            if (!tasks.send(ZmqLink.FOR_EVER_MS, Task.end())) {
                return false;
            }
        }
        return true;
    }

    /** Tasks that ZeroMQ took. */
    int tasksSent() {
        return tasksSent;
    }
}
