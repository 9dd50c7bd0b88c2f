package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.ProducerTable;
import dev.recado.core.topic.ProducerWindow;
import org.jspecify.annotations.Nullable;

/** What a partition remembers of producers that number their messages. Owned by the partition's loop. */
final class Producers {

    /** What is known of nobody; never changed. */
    private static final ProducerTable EMPTY = new ProducerTable();

    /** The table of a partition that knows of no producer. */
    static final byte[] NOBODY = {};

    /** Of everything that was given an offset, on its way to the disk or not: what duplicates are told by. */
    private @Nullable ProducerTable given;
    /** Of what is committed: what checkpoints keep. */
    private @Nullable ProducerTable committed;

    /** {@code table} is as {@link #encode} wrote it; empty for none. */
    Producers(byte[] table) {
        given = decoded(table);
        committed = decoded(table);
    }

    private static @Nullable ProducerTable decoded(byte[] table) {
        if (table.length == 0) {
            return null;
        }
        ProducerTable decoded = ProducerTable.decode(new ByteReader(table));
        return decoded.size() == 0 ? null : decoded;
    }

    private static ProducerTable orNew(@Nullable ProducerTable table) {
        return table == null ? new ProducerTable() : table;
    }

    /** {@code run} gets offsets from {@code baseOffset} on; {@code clock} is asked where somebody numbers only. */
    void onGiven(PendingRun run, long baseOffset, ShardClock clock) {
        String producer = run.producer();
        if (producer != null) {
            given = orNew(given);
            given.record(producer, run.firstSequence(), run.stride(), run.count(), baseOffset, clock.nowMs());
        }
    }

    /** {@code run} was found in the journal, where it has its offsets already. */
    void onFound(StoredRun run) {
        if (run.producer() != null) {
            given = orNew(given);
            given.record(run);
        }
    }

    void onCommitted(StoredRun run) {
        if (run.producer() != null) {
            committed = orNew(committed);
            committed.record(run);
        }
    }

    /** What is known of one of them, of what is on its way to the disk too. */
    @Nullable
    ProducerWindow window(String producer) {
        return given == null ? null : given.window(producer);
    }

    /** Whether a new one may be remembered. */
    boolean admits(String producer, long logTimeMs) {
        return given == null || given.admits(producer, logTimeMs);
    }

    /** Forgets those that sent nothing since {@code logTimeMs}. */
    void expireBefore(long logTimeMs) {
        given = expired(given, logTimeMs);
        committed = expired(committed, logTimeMs);
    }

    private static @Nullable ProducerTable expired(@Nullable ProducerTable table, long logTimeMs) {
        if (table != null) {
            table.expireBefore(logTimeMs);
        }
        return table == null || table.size() == 0 ? null : table;
    }

    /** The number behind the last committed one. */
    long nextCommitted(String producer) {
        return committed == null ? 0 : committed.next(producer);
    }

    /** Writes what is committed. */
    void encode(ByteWriter out) {
        (committed == null ? EMPTY : committed).encode(out);
    }
}
