package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StorageException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flusher: one thread that writes committed runs to segments and looks after them. Loops hand it batches; it tells
 * them when a batch is in the files. Its tasks run in the order in which one loop gave them.
 */
final class SegmentDesk {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentDesk.class);

    private final SegmentStore store;
    private final ExecutorService thread;
    private final Consumer<Throwable> onFailure;
    private final AtomicLong behindBytes = new AtomicLong();
    /** Writes that wait; owned by the flusher's thread. */
    private final ArrayDeque<Runnable> stuck = new ArrayDeque<>();

    SegmentDesk(SegmentStore store, Consumer<Throwable> onFailure) {
        this.store = store;
        this.onFailure = onFailure;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread flusher = new Thread(task, "recado-flusher");
            flusher.setDaemon(true);
            return flusher;
        });
    }

    static String directory(Partition partition, Topic topic) {
        return "topics/" + topic.uuid() + "/" + partition.index();
    }

    /** Bytes handed over and not yet written. */
    long behindBytes() {
        return behindBytes.get();
    }

    /** Runs {@code task} on the flusher's thread; a failure of the storage stops the broker. */
    void execute(Runnable task) {
        thread.execute(() -> {
            try {
                task.run();
            } catch (Throwable failure) {
                onFailure.accept(failure);
            }
        });
    }

    /**
     * As {@link #execute} for what writes. Where the disk is full, the task and all that come behind it wait for
     * {@link #retry}, so that their order stays; tasks that free space go on meanwhile. A task may be run again.
     */
    void write(Runnable task) {
        execute(() -> {
            stuck.add(task);
            if (stuck.size() == 1) {
                writeStuck();
            }
        });
    }

    /** Tries again what a full disk has stopped; on the flusher's thread. */
    void retry() {
        writeStuck();
    }

    private void writeStuck() {
        while (!stuck.isEmpty()) {
            try {
                stuck.element().run();
            } catch (StorageException full) {
                if (full.kind() != StorageException.Kind.FULL) {
                    throw full;
                }
                LOG.warn("disk full, writing segments waits for space");
                return;
            }
            stuck.remove();
        }
    }

    void open(Partition partition, Topic topic) {
        String directory = directory(partition, topic);
        write(() -> store.open(partition.id(), directory));
    }

    /** Runs {@code task} on the flusher's thread and waits for it; during recovery only. */
    void await(Runnable task) {
        try {
            thread.submit(task).get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during recovery", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
    }

    /** During recovery: writes what the shard's partitions hold and counts it as flushed. */
    void flushNow(ShardOwner shard) {
        Map<PartitionOwner, List<StoredRun>> batch = shard.takeUnflushed();
        await(() -> batch.values().forEach(store::append));
        shard.afterFlush(batch);
    }

    /** Writes what the shard's partitions have not handed over yet; called on the shard's loop. */
    void flush(ShardOwner shard) {
        Map<PartitionOwner, List<StoredRun>> batch = shard.takeUnflushed();
        if (batch.isEmpty()) {
            return;
        }
        long total = 0;
        for (List<StoredRun> runs : batch.values()) {
            for (StoredRun run : runs) {
                total += run.length();
            }
        }
        long bytes = total;
        behindBytes.addAndGet(bytes);
        write(() -> {
            batch.values().forEach(store::append);
            behindBytes.addAndGet(-bytes);
            shard.loop().execute(() -> shard.onFlushed(batch));
        });
    }

    void deleteBelow(Partition partition, long offset) {
        execute(() -> store.deleteBelow(partition.id(), offset));
    }

    void drop(Partition partition) {
        write(() -> store.drop(partition.id()));
    }

    SegmentStore store() {
        return store;
    }

    void stop() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(30, TimeUnit.SECONDS);
    }
}
