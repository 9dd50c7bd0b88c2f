package dev.recado.node;

import dev.recado.base.Turns;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.JournalWriter;
import dev.recado.journal.StorageException;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Group commit: gathers what all shards have waiting, writes it with one gathering write, calls one sync, and tells
 * each shard how far it is durable. While one sync runs the next group gathers, so that groups grow with the load and
 * no timer is needed.
 *
 * <p>Owned by the journal's thread. {@link #append} may be called from any loop; what
 * waits is bounded by the shards' own bounds on entries in flight.
 */
final class GroupCommit {

    /** A group this large is written even if more waits. */
    private static final int GROUP_BYTES_MAX = 4 * 1024 * 1024;

    private static final long RETRY_MS = 500;

    private final Turns home;
    private final JournalWriter writer;
    private final JournalSettings settings;
    private final StorageWatch watch;
    private final LongConsumer onCheckpointDue;
    private final Consumer<Throwable> onFailure;
    private final ConcurrentLinkedQueue<Queued> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final List<Mark> marks = new ArrayList<>();
    private final JournalCounters counters = new JournalCounters();
    private final List<Runnable> checkpointWaiters = new ArrayList<>();
    private final List<Runnable> checkpointServed = new ArrayList<>();
    /** Of the newest checkpoint. */
    private long checkpointPosition;

    private boolean checkpointing;
    private boolean stalled;
    /** Whether a look at {@link #stalled} is to come. */
    private boolean looksAgain;
    /** Whether a group is gathered that is written once the storage takes it. */
    private boolean waiting;

    private boolean finished;
    /** Marks in the queue. */
    private int syncMarks;
    /** Of those that were reached and not yet synced. */
    private final List<Runnable> syncWaiters = new ArrayList<>();

    private sealed interface Queued {}

    /** {@code then} runs once all that was queued before is synced. */
    private record SyncMark(Runnable then) implements Queued {}

    private record Append(ShardOwner shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync)
            implements Queued {}

    /** How far one shard's log went into the group that is gathering. */
    private static final class Mark {
        private final ShardOwner shard;
        private long epoch;
        private long index;

        private Mark(ShardOwner shard) {
            this.shard = shard;
        }
    }

    /** Goes on behind a recovery that began at {@code checkpointPosition}. */
    GroupCommit(
            Turns home,
            JournalWriter writer,
            JournalSettings settings,
            long checkpointPosition,
            StorageWatch watch,
            LongConsumer onCheckpointDue,
            Consumer<Throwable> onFailure) {
        this.home = home;
        this.writer = writer;
        this.settings = settings;
        this.watch = watch;
        this.onCheckpointDue = onCheckpointDue;
        this.onFailure = onFailure;
        this.checkpointPosition = checkpointPosition;
    }

    JournalCounters counters() {
        return counters;
    }

    /** From which position on the journal is kept. */
    long oldestPosition() {
        return writer.oldestPosition();
    }

    /** Takes an entry; its shard hears by {@link ShardCommand.Committed} once it is as durable as {@code sync} asks. */
    void append(ShardOwner shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync) {
        queue.add(new Append(shard, epoch, index, bytes, from, length, sync));
        wake();
    }

    private void wake() {
        if (!awake.get() && awake.compareAndSet(false, true)) {
            runHome(this::drain);
        }
    }

    private void runHome(Runnable task) {
        home.execute(() -> run(task));
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            onFailure.accept(failure);
        }
    }

    private void drain() {
        if (finished) {
            return;
        }
        while (true) {
            if (isOverBound() && syncMarks == 0) {
                stalled = true;
                lookAgainWhileStalled();
                return;
            }
            boolean sync = gather();
            if (marks.isEmpty()) {
                if (!syncWaiters.isEmpty()) {
                    writer.syncWritten();
                    serveSynced();
                }
                awake.set(false);
                if (queue.isEmpty() || !awake.compareAndSet(false, true)) {
                    return;
                }
                continue;
            }
            if (!write(sync)) {
                return;
            }
        }
    }

    /**
     * Whether so much waits for a checkpoint that appends have to wait too. Not where the checkpoint itself waits for
     * space: then publishes are refused, and what makes room for it has to be appended.
     */
    private boolean isOverBound() {
        return checkpointing && writer.position() - checkpointPosition >= settings.hardBoundBytes() && !watch.isFull();
    }

    private void lookAgainWhileStalled() {
        if (looksAgain) {
            return;
        }
        looksAgain = true;
        home.after(
                RETRY_MS,
                () -> run(() -> {
                    looksAgain = false;
                    goOnIfStalled();
                }));
    }

    private void goOnIfStalled() {
        if (stalled) {
            stalled = false;
            drain();
        }
    }

    private boolean gather() {
        boolean sync = false;
        while (writer.gatheredBytes() < GROUP_BYTES_MAX) {
            Queued next = queue.poll();
            if (next instanceof Append append) {
                writer.add(append.bytes(), append.from(), append.length());
                sync |= append.sync();
                mark(append);
            } else if (next instanceof SyncMark reached) {
                syncWaiters.add(reached.then());
                sync = true;
            } else {
                break;
            }
        }
        return sync;
    }

    /** Everything that was gathered is on the disk. */
    private void serveSynced() {
        if (!syncWaiters.isEmpty()) {
            List<Runnable> synced = List.copyOf(syncWaiters);
            syncWaiters.clear();
            syncMarks -= synced.size();
            synced.forEach(Runnable::run);
        }
    }

    /**
     * Runs {@code then} on the journal's thread once all that was appended before is synced, which is written even
     * where appends wait for a checkpoint: for one that waits for them; any thread.
     */
    void syncQueued(Runnable then) {
        queue.add(new SyncMark(then));
        runHome(() -> {
            syncMarks++;
            stalled = false;
            if (!waiting) {
                drain();
            }
        });
    }

    private void mark(Append append) {
        for (Mark mark : marks) {
            if (mark.shard == append.shard()) {
                mark.epoch = append.epoch();
                mark.index = append.index();
                return;
            }
        }
        Mark mark = new Mark(append.shard());
        mark.epoch = append.epoch();
        mark.index = append.index();
        marks.add(mark);
    }

    private boolean write(boolean sync) {
        try {
            long began = System.nanoTime();
            int bytes = writer.gatheredBytes();
            writer.write(sync);
            counters.onGroup(bytes, sync, System.nanoTime() - began);
        } catch (StorageException failure) {
            if (failure.kind() == StorageException.Kind.FULL && writer.giveReserve()) {
                watch.reserveUsed(true); // at once: what makes room has to be written too, and nothing else
                return write(sync);
            }
            waitAfter(failure, () -> retry(sync));
            return false;
        }
        watch.goesOn(StorageWatch.Part.JOURNAL);
        report();
        serveSynced();
        return true;
    }

    /** Tries {@code again} in a while, where the failure is one that passes. */
    private void waitAfter(StorageException failure, Runnable again) {
        if (!watch.mayWait(StorageWatch.Part.JOURNAL, failure)) {
            onFailure.accept(failure);
            return;
        }
        waiting = true;
        home.after(
                RETRY_MS,
                () -> run(() -> {
                    waiting = false;
                    if (!finished) {
                        again.run();
                    }
                }));
    }

    private void retry(boolean sync) {
        if (write(sync)) {
            drain();
        }
    }

    private void report() {
        for (Mark mark : marks) {
            ShardOwner shard = mark.shard;
            long epoch = mark.epoch;
            long index = mark.index;
            shard.loop().execute(() -> shard.on(new ShardCommand.Committed(epoch, index)));
        }
        marks.clear();
        if (!checkpointing && writer.position() - checkpointPosition >= settings.checkpointBytes()) {
            requestCheckpoint();
        }
    }

    /** Writes and syncs promises by themselves, then runs {@code then} on the journal's thread; any thread. */
    void promise(Consumer<JournalWriter> promises, Runnable then) {
        runHome(() -> {
            promises.accept(writer);
            writePromises(then);
        });
    }

    private void writePromises(Runnable then) {
        try {
            writer.write(true);
        } catch (StorageException failure) {
            waitAfter(failure, () -> writePromises(then));
            return;
        }
        watch.goesOn(StorageWatch.Part.JOURNAL);
        then.run();
    }

    private void requestCheckpoint() {
        checkpointing = true;
        writer.syncWritten(); // the position must be durable, also where the last group asked for no sync
        checkpointServed.addAll(checkpointWaiters);
        checkpointWaiters.clear();
        onCheckpointDue.accept(writer.position());
    }

    /** Takes a checkpoint that covers everything written by now, then runs {@code then} on the journal's thread. */
    void checkpoint(Runnable then) {
        runHome(() -> {
            checkpointWaiters.add(then);
            if (!checkpointing) {
                requestCheckpoint();
            }
        });
    }

    /**
     * A checkpoint that covers everything below {@code position} is on disk, and neither state file needs what lies
     * below {@code kept}; any thread.
     */
    void onCheckpointed(long position, long kept) {
        runHome(() -> {
            writer.releaseBelow(kept);
            checkpointPosition = position;
            checkpointing = false;
            List<Runnable> served = List.copyOf(checkpointServed);
            checkpointServed.clear();
            served.forEach(Runnable::run);
            if (!checkpointWaiters.isEmpty()) {
                requestCheckpoint();
            }
            goOnIfStalled();
        });
    }

    /**
     * Says in the journal how far it is synced, where nothing is being written: without that, damage of the last group
     * could not be told from a torn tail. Costs nothing where it has been said.
     */
    void markWhenIdle() {
        if (!awake.get()) {
            runHome(() -> {
                if (!awake.get() && !finished) {
                    mark();
                }
            });
        }
    }

    private void mark() {
        try {
            writer.writeMark();
        } catch (StorageException failure) {
            if (!failure.passes()) {
                throw failure;
            }
        }
    }

    /** Writes out what waits, unless the storage takes nothing, then runs {@code then}; any thread. */
    void finish(Runnable then) {
        runHome(() -> {
            if (!stalled && !waiting) {
                drain();
            }
            finished = true;
            then.run();
        });
    }
}
