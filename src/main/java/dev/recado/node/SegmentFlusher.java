package dev.recado.node;

import dev.recado.base.WorkerTurns;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.SpillFolder;
import dev.recado.journal.StorageException;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardOwner;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The flusher: one thread that writes committed runs to segments and looks after them. Loops hand it batches; it tells
 * them when a batch is in the files. Its tasks run in the order in which one loop gave them.
 */
final class SegmentFlusher {

    private final SegmentStore store;
    private final WorkerTurns thread;
    private final Consumer<Throwable> onFailure;
    private final AtomicLong behindBytes = new AtomicLong();
    private final StorageWatch watch;
    /** Writes that wait; owned by the flusher's thread. */
    private final ArrayDeque<Runnable> stuck = new ArrayDeque<>();
    /** What frees space and could not yet; owned by the flusher's thread. */
    private final ArrayDeque<Runnable> freeing = new ArrayDeque<>();
    /** Partitions that are gone, while writes may wait that concern them; owned by the flusher's thread. */
    private final Set<Integer> dropped = new HashSet<>();
    /** Owned by the flusher's thread. */
    private boolean failed;
    /** Until the loops begin: the thread that recovers does the flusher's work too. */
    private boolean recovering = true;

    SegmentFlusher(WorkerTurns thread, SegmentStore store, StorageWatch watch, Consumer<Throwable> onFailure) {
        this.store = store;
        this.watch = watch;
        this.onFailure = onFailure;
        this.thread = thread;
    }

    static String directory(Partition partition, Topic topic) {
        return DataDirectory.TOPICS + "/" + topic.uuid() + "/" + partition.index();
    }

    /** Bytes handed over and not yet written. */
    long behindBytes() {
        return behindBytes.get();
    }

    /**
     * Runs {@code task} on the flusher's thread; a failure of the storage stops the broker. One that passes ends the
     * task: whoever gives it gives it again.
     */
    void execute(Runnable task) {
        if (recovering) {
            run(task);
        } else {
            thread.execute(() -> run(task));
        }
    }

    private void run(Runnable task) {
        if (failed) {
            return;
        }
        try {
            task.run();
        } catch (StorageException failure) {
            if (failure.passes()) {
                watch.mayWait(StorageWatch.Part.HOUSEKEEPING, failure);
            } else {
                fail(failure);
            }
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    /** The broker ends: what the flusher would write from now on is in the journal. */
    private void fail(Throwable failure) {
        failed = true;
        onFailure.accept(failure);
    }

    /**
     * As {@link #execute} for what writes. Where the disk is full or a failure passes otherwise, the task and all that
     * come behind it wait for {@link #retry}, so that their order stays; tasks that free space go on meanwhile. A task
     * may be run again.
     */
    void write(Runnable task) {
        execute(() -> {
            stuck.add(task);
            if (stuck.size() == 1) {
                writeUnlessReserved();
            }
        });
    }

    /**
     * Tries again what the storage has stopped; on the flusher's thread. While the journal lives on its reserve, only
     * what frees space: that reserve is for what makes room, and segments would take it.
     *
     * @param allFits whether there is space for all that waits and a checkpoint, which makes room then
     */
    void retry(boolean allFits) {
        goOnFreeing();
        if (allFits) {
            writeStuck();
        } else {
            writeUnlessReserved();
        }
    }

    private void writeUnlessReserved() {
        if (!watch.isReserveUsed()) {
            writeStuck();
        } else if (!stuck.isEmpty()) {
            watch.givesWay(StorageWatch.Part.SEGMENTS);
        }
    }

    private void writeStuck() {
        while (!stuck.isEmpty()) {
            if (!goesOn(stuck.element())) {
                return;
            }
            stuck.remove();
        }
        if (freeing.isEmpty()) {
            watch.goesOn(StorageWatch.Part.SEGMENTS);
        }
    }

    private boolean goesOn(Runnable task) {
        try {
            task.run();
            return true;
        } catch (StorageException failure) {
            if (!watch.mayWait(StorageWatch.Part.SEGMENTS, failure)) {
                fail(failure);
            }
            return false;
        }
    }

    /** As {@link #execute} for what frees space: it overtakes writes that wait, and is tried again where it has to. */
    private void free(Runnable task) {
        execute(() -> {
            freeing.add(task);
            goOnFreeing();
        });
    }

    private void goOnFreeing() {
        for (int left = freeing.size(); left > 0; left--) {
            Runnable task = freeing.remove();
            if (!goesOn(task)) {
                freeing.add(task);
            }
        }
    }

    void open(Partition partition, Topic topic) {
        if (topic.settings().durability() == Durability.MEMORY) {
            openSpill(partition, SpillFolder.directory(topic.uuid(), partition.index()));
            return;
        }
        String directory = directory(partition, topic);
        Runnable task = () -> {
            if (!dropped.contains(partition.id())) {
                store.open(partition.id(), directory);
            }
        };
        if (recovering) {
            task.run(); // what it finds is judged though writes before it wait for space
        } else {
            write(task);
        }
    }

    private void openSpill(Partition partition, String directory) {
        write(() -> {
            if (!dropped.contains(partition.id())) {
                store.openSpill(partition.id(), directory);
            }
        });
    }

    /** The loops are about to work: from now on nobody waits for the flusher. */
    void onRecovered() {
        recovering = false;
    }

    /**
     * During recovery: writes what the shard's partitions hold and counts it as flushed. Without space, and where the
     * journal lives on its reserve, that is left to {@link #retry}, which comes once the loops work.
     */
    void flushNow(ShardOwner shard) {
        List<List<StoredRun>> batch = shard.feed().take();
        long bytes = bytesOf(batch);
        if (stuck.isEmpty() && !watch.isReserveUsed() && appendsNow(batch)) {
            shard.feed().onFlushed(batch);
        } else {
            behindBytes.addAndGet(bytes);
            stuck.add(() -> flush(shard, batch, bytes));
        }
    }

    /**
     * During recovery, once the journal has been read: settles what segments hold beyond the state. Where there is no
     * space for that (files that are copied on write take some for old bytes too) it is left to {@link #retry}; until
     * then no checkpoint is taken, and the journal has what may not be on the disk.
     */
    void settleNow() {
        try {
            store.settle();
        } catch (StorageException failure) {
            if (!watch.mayWait(StorageWatch.Part.SEGMENTS, failure)) {
                throw failure;
            }
            stuck.add(store::settle);
        }
    }

    private boolean appendsNow(List<List<StoredRun>> batch) {
        try {
            append(batch);
            return true;
        } catch (StorageException failure) {
            if (!watch.mayWait(StorageWatch.Part.SEGMENTS, failure)) {
                throw failure;
            }
            return false;
        }
    }

    private void flush(ShardOwner shard, List<List<StoredRun>> batch, long bytes) {
        append(batch);
        behindBytes.addAndGet(-bytes);
        shard.loop().execute(() -> shard.on(new ShardCommand.Flushed(batch)));
    }

    private void append(List<List<StoredRun>> batch) {
        for (List<StoredRun> runs : batch) {
            if (!dropped.contains(runs.get(0).partition())) {
                store.append(runs);
            }
        }
    }

    private static long bytesOf(List<List<StoredRun>> batch) {
        long total = 0;
        for (List<StoredRun> runs : batch) {
            for (StoredRun run : runs) {
                total += run.length();
            }
        }
        return total;
    }

    /** Writes {@code batch}, a list for each partition, of {@code shard}; called on the shard's loop. */
    void flush(ShardOwner shard, List<List<StoredRun>> batch) {
        long bytes = bytesOf(batch);
        behindBytes.addAndGet(bytes);
        write(() -> flush(shard, batch, bytes));
    }

    void deleteBelow(int partition, long offset) {
        free(() -> store.deleteBelow(partition, offset));
    }

    /** The trash keeps them from {@code nowMs} of the catalog's log on; many at once cost one sync. */
    void drop(List<Integer> partitions, long nowMs) {
        if (!partitions.isEmpty()) {
            execute(() -> dropped.addAll(partitions));
            free(() -> store.dropAll(partitions, nowMs));
            write(() -> dropped.removeAll(partitions));
        }
    }

    SegmentStore store() {
        return store;
    }

    void stop() {
        thread.end();
    }
}
