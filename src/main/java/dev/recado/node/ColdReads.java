package dev.recado.node;

import dev.recado.base.WorkerTurns;
import dev.recado.core.message.StoredRun;
import dev.recado.journal.DamagedException;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StorageException;
import dev.recado.shard.ColdPiece;
import dev.recado.shard.FifoShare;
import dev.recado.shard.LargeRuns;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardOwner;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads segments on threads of its own, never on the journal's or the flusher's. Each reader asks for one piece at
 * a time; what they hold together has a bound, {@link FifoShare}.
 */
final class ColdReads {

    private static final Logger LOG = LoggerFactory.getLogger(ColdReads.class);
    private static final long RETRY_MS = 500;

    private final SegmentStore store;
    private final LargeRuns large = new LargeRuns();
    private final FifoShare share;
    private final long pieceBytesMax;
    private final StorageWatch watch;
    private final WorkerTurns readers;
    private final Consumer<Throwable> onFailure;

    /** {@code pieceBytesMax}: what one read may bring at most, a largest message and what is read with it. */
    ColdReads(
            WorkerTurns readers,
            SegmentStore store,
            StorageWatch watch,
            FifoShare share,
            long pieceBytesMax,
            Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
        this.readers = readers;
        this.store = store;
        this.share = share;
        this.pieceBytesMax = pieceBytesMax;
        this.watch = watch;
    }

    FifoShare share() {
        return share;
    }

    void giveBack(ColdPiece piece) {
        if (piece.bytes() > 0) {
            share.giveBack(piece.bytes());
        }
    }

    /**
     * Brings about {@code bytesMax} bytes of runs from {@code offset} on to the shard, once there is room for them;
     * none where the partition is damaged.
     */
    void read(ShardOwner shard, int partition, long ticket, long offset, int bytesMax) {
        share.take(pieceBytesMax, () -> readNow(shard, partition, ticket, offset, bytesMax));
    }

    private void readNow(ShardOwner shard, int partition, long ticket, long offset, int bytesMax) {
        execute(() -> {
            List<StoredRun> runs;
            try {
                StoredRun held = large.find(partition, offset);
                runs = held != null ? List.of(held) : store.read(partition, offset, bytesMax);
                large.add(runs);
            } catch (StorageException failed) {
                waitAfter(failed, () -> readNow(shard, partition, ticket, offset, bytesMax));
                return;
            } catch (DamagedException damaged) {
                LOG.error("segment damaged, the partition refuses partition={} {}", partition, damaged.getMessage());
                share.giveBack(pieceBytesMax);
                shard.loop().execute(() -> {
                    shard.on(new ShardCommand.Damaged(partition));
                    shard.on(new ShardCommand.Read(ticket, ColdPiece.NONE));
                });
                return;
            }
            watch.goesOn(StorageWatch.Part.COLD_READS);
            ColdPiece piece = new ColdPiece(runs, Math.min(arrayBytes(runs), pieceBytesMax));
            share.giveBack(pieceBytesMax - piece.bytes());
            shard.loop().execute(() -> shard.on(new ShardCommand.Read(ticket, piece)));
        });
    }

    /** Runs that follow each other often share their array. */
    private static long arrayBytes(List<StoredRun> runs) {
        long bytes = 0;
        byte[] last = null;
        for (StoredRun run : runs) {
            if (run.bytes() != last) {
                last = run.bytes();
                bytes += last.length;
            }
        }
        return bytes;
    }

    /** Runs {@code task} on a thread that reads. */
    void execute(Runnable task) {
        readers.execute(task);
    }

    /** Tries {@code again} in a while, where the failure is one that passes. */
    private void waitAfter(StorageException failure, Runnable again) {
        if (watch.mayWait(StorageWatch.Part.COLD_READS, failure)) {
            readers.after(RETRY_MS, again);
        } else {
            onFailure.accept(failure);
        }
    }

    /** As {@link SegmentStore#offsetOf}; -1 where the partition is damaged. */
    void findTime(ShardOwner shard, int partition, long ticket, long timeMs, long nowMs) {
        execute(() -> {
            long offset;
            try {
                offset = store.offsetOf(partition, timeMs, nowMs);
            } catch (StorageException failed) {
                waitAfter(failed, () -> findTime(shard, partition, ticket, timeMs, nowMs));
                return;
            } catch (DamagedException damaged) {
                shard.loop().execute(() -> {
                    shard.on(new ShardCommand.Damaged(partition));
                    shard.on(new ShardCommand.TimeFound(ticket, -1));
                });
                return;
            }
            watch.goesOn(StorageWatch.Part.COLD_READS);
            shard.loop().execute(() -> shard.on(new ShardCommand.TimeFound(ticket, offset)));
        });
    }

    /** Waits for what is under way; nothing is interrupted, because that would close the files. */
    void stop() {
        if (!readers.end()) {
            LOG.warn("cold reads still under way at stop");
        }
    }
}
