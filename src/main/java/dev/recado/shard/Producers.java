package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.ProducerTable;
import dev.recado.core.topic.ProducerWindow;
import org.jspecify.annotations.Nullable;

/** What a partition remembers of producers that number their messages. Owned by the partition's loop. */
final class Producers {

    /** The table of a partition that knows of no producer. */
    static final byte[] NOBODY = {};

    /** Of everything that was given an offset, on its way to the disk or not: what duplicates are told by. */
    private final ProducerTable given;
    /** Of what is committed: what checkpoints keep. */
    private final ProducerTable committed;

    /** {@code table} is as {@link #encode} wrote it; empty for none. */
    Producers(byte[] table) {
        boolean none = table.length == 0;
        given = none ? new ProducerTable() : ProducerTable.decode(new ByteReader(table));
        committed = none ? new ProducerTable() : ProducerTable.decode(new ByteReader(table));
    }

    /** {@code run} gets offsets from {@code baseOffset} on; {@code clock} is asked where somebody numbers only. */
    void onGiven(PendingRun run, long baseOffset, ShardClock clock) {
        String producer = run.producer();
        if (producer != null) {
            given.record(producer, run.firstSequence(), run.stride(), run.count(), baseOffset, clock.nowMs());
        }
    }

    /** {@code run} was found in the journal, where it has its offsets already. */
    void onFound(StoredRun run) {
        given.record(run);
    }

    void onCommitted(StoredRun run) {
        committed.record(run);
    }

    /** What is known of one of them, of what is on its way to the disk too. */
    @Nullable
    ProducerWindow window(String producer) {
        return given.window(producer);
    }

    /** Whether a new one may be remembered. */
    boolean admits(String producer, long logTimeMs) {
        return given.admits(producer, logTimeMs);
    }

    /** Forgets those that sent nothing since {@code logTimeMs}. */
    void expireBefore(long logTimeMs) {
        given.expireBefore(logTimeMs);
        committed.expireBefore(logTimeMs);
    }

    /** The number behind the last committed one. */
    long nextCommitted(String producer) {
        return committed.next(producer);
    }

    /** Writes what is committed. */
    void encode(ByteWriter out) {
        committed.encode(out);
    }
}
