package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import dev.recado.journal.DamagedException;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StorageException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads segments on two threads of its own, never on the journal's or the flusher's. Each reader asks for one piece at
 * a time, so that what is under way is bounded by the number of readers.
 */
final class ColdReads {

    private static final Logger LOG = LoggerFactory.getLogger(ColdReads.class);
    private static final int THREADS = 2;

    private final SegmentStore store;
    private final ExecutorService pool;

    ColdReads(SegmentStore store) {
        this.store = store;
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "recado-cold-read-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Brings about {@code bytesMax} bytes of runs from {@code offset} on to the partition's loop; none where it is
     * damaged.
     */
    void read(PartitionOwner owner, long offset, int bytesMax, Consumer<List<StoredRun>> then) {
        pool.execute(() -> {
            List<StoredRun> runs;
            try {
                runs = store.read(owner.partition().id(), offset, bytesMax);
            } catch (StorageException failed) {
                owner.node().fail(failed);
                return;
            } catch (DamagedException damaged) {
                LOG.error(
                        "segment damaged, the partition refuses partition={} {}",
                        owner.partition().id(),
                        damaged.getMessage());
                owner.shard().loop().execute(() -> {
                    owner.onDamaged();
                    then.accept(List.of());
                });
                return;
            }
            owner.shard().loop().execute(() -> then.accept(runs));
        });
    }

    /** Finds the first stored offset published at or after {@code timeMs}; -1 where there is none. */
    void offsetOf(PartitionOwner owner, long timeMs, LongConsumer then) {
        pool.execute(() -> {
            long offset;
            try {
                offset = store.offsetOf(owner.partition().id(), timeMs);
            } catch (StorageException failed) {
                owner.node().fail(failed);
                return;
            } catch (DamagedException damaged) {
                owner.shard().loop().execute(() -> {
                    owner.onDamaged();
                    then.accept(-1);
                });
                return;
            }
            owner.shard().loop().execute(() -> then.accept(offset));
        });
    }

    /** Waits for what is under way; nothing is interrupted, because that would close the files. */
    void stop() throws InterruptedException {
        pool.shutdown();
        if (!pool.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("cold reads still under way at stop");
        }
    }
}
