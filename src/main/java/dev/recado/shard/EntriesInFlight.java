package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.message.TransactionLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The entries of a shard between their append and their commit, in the order of the log: makes entries of runs, hands
 * them to the journal, and applies them once they are committed. Owned by the shard's loop.
 */
final class EntriesInFlight {

    /** About what entries grow to. */
    static final int ENTRY_BYTES_AIM = 256 * 1024;

    /** From that size on runs that are one array become an entry of their own, which copies none of them. */
    static final int ENTRY_BYTES_UNCOPIED = 1024;

    /** While so much is on its way to the disk, appends wait. */
    static final long BYTES_MAX = 16L * 1024 * 1024;

    private final int shard;
    private final ShardEffects effects;
    private final ShardClock clock;
    private final PublishesUnderWay publishes;
    private final ArrayDeque<Proposed> entries = new ArrayDeque<>();
    private long bytes;
    /** Those of transactions, whose settlements are done here already. */
    private int transactions;
    /** Entries with publishes that are committed, and nobody was told so yet. */
    private int committed;

    EntriesInFlight(int shard, ShardEffects effects, ShardClock clock, PublishesUnderWay publishes) {
        this.publishes = publishes;
        this.shard = shard;
        this.effects = effects;
        this.clock = clock;
    }

    long bytes() {
        return bytes;
    }

    boolean anyTransaction() {
        return transactions > 0;
    }

    /** Proposes the runs that gathered as one entry and empties {@code parts}; nothing happens where there are none. */
    void propose(EntryParts parts) {
        propose(parts, Proposed.NOTHING);
    }

    private void propose(EntryParts parts, Runnable onApplied) {
        if (parts.runs.isEmpty()) {
            return;
        }
        EntryHeader header = clock.nextHeader(EntryType.DATA);
        List<Proposed.Part> proposed = new ArrayList<>(parts.runs.size());
        PendingRun first = parts.runs.get(0);
        ByteWriter entry;
        int at = 0;
        boolean inPlace = parts.areOneArray();
        if (inPlace) {
            entry = first.entryInPlace();
            at = first.entryAt();
        } else {
            entry = new ByteWriter(EntryLayout.HEADER_BYTES + parts.bytes);
            EntryLayout.begin(entry);
        }
        for (int i = 0; i < parts.runs.size(); i++) {
            PendingRun run = parts.runs.get(i);
            long base = parts.baseOffsets[i];
            StoredRun stored = inPlace ? run.storeInPlace(base, header) : run.storeIn(entry, base, header);
            proposed.add(new Proposed.Part(parts.owners.get(i), run, stored));
        }
        checkRuns(entry, at + EntryLayout.HEADER_BYTES, header);
        EntryLayout.finish(entry, at, header);
        Proposed data = new Proposed(header, entry.size() - at, proposed, Proposed.NO_BODY, onApplied);
        publishes.begun();
        hand(data, entry, at, parts.sync);
        parts.clear();
    }

    /** Proposes runs and progress, where there is any of it, as one entry; {@code onApplied} as elsewhere. */
    void proposeTogether(EntryParts parts, byte[] progress, Runnable onApplied) {
        if (progress.length == 0) {
            propose(parts, onApplied);
        } else if (parts.runs.isEmpty()) {
            propose(EntryType.PROGRESS, progress, onApplied);
        } else {
            proposeTransaction(parts, progress, onApplied);
        }
    }

    private void proposeTransaction(EntryParts parts, byte[] progress, Runnable onApplied) {
        EntryHeader header = clock.nextHeader(EntryType.TRANSACTION);
        int runsAt = EntryLayout.HEADER_BYTES + TransactionLayout.HEADER_BYTES + progress.length;
        ByteWriter entry = new ByteWriter(runsAt + parts.bytes);
        EntryLayout.begin(entry);
        TransactionLayout.putProgress(entry, progress);
        List<Proposed.Part> proposed = new ArrayList<>(parts.runs.size());
        for (int i = 0; i < parts.runs.size(); i++) {
            PendingRun run = parts.runs.get(i);
            proposed.add(new Proposed.Part(parts.owners.get(i), run, run.storeIn(entry, parts.baseOffsets[i], header)));
        }
        checkRuns(entry, runsAt, header);
        EntryLayout.finish(entry, 0, header);
        publishes.begun();
        transactions++;
        hand(new Proposed(header, entry.size(), proposed, Proposed.NO_BODY, onApplied), entry, 0, true);
        parts.clear();
    }

    private static void checkRuns(ByteWriter entry, int runsAt, EntryHeader header) {
        Check.that(
                RunLayout.holdTogether(entry.array(), runsAt, entry.size()),
                "runs of an entry do not hold together",
                header.shard(),
                header.index());
    }

    /** Proposes an entry that is not data; {@code onApplied} runs once it is committed and applied. */
    void propose(EntryType type, byte[] body, Runnable onApplied) {
        EntryHeader header = clock.nextHeader(type);
        ByteWriter out = new ByteWriter(EntryLayout.HEADER_BYTES + body.length);
        EntryLayout.begin(out);
        out.put(body);
        EntryLayout.finish(out, 0, header);
        hand(new Proposed(header, out.size(), List.of(), body, onApplied), out, 0, true);
    }

    private void hand(Proposed proposed, ByteWriter entry, int at, boolean sync) {
        entries.add(proposed);
        bytes += proposed.bytes();
        EntryHeader header = proposed.header();
        effects.append(shard, header.epoch(), header.index(), entry.array(), at, proposed.bytes(), sync);
    }

    /**
     * Everything up to index {@code commit} is committed: runs may be read, {@code applier} gets what is not data, and
     * {@code confirms} what is to be confirmed. Answers how many bytes that were.
     */
    long commit(long commit, BiConsumer<EntryHeader, byte[]> applier, Confirms confirms) {
        long freed = 0;
        while (!entries.isEmpty() && entries.element().header().index() <= commit) {
            Proposed entry = entries.remove();
            bytes -= entry.bytes();
            freed += entry.bytes();
            committed += entry.parts().isEmpty() ? 0 : 1;
            transactions -= entry.header().type() == EntryType.TRANSACTION ? 1 : 0;
            for (Proposed.Part part : entry.parts()) {
                part.partition().commit(part.stored());
                confirms.add(part.published(), part.stored().baseOffset());
            }
            applier.accept(entry.header(), entry.body());
            entry.onApplied().run();
        }
        return freed;
    }

    /** Whoever published what is committed was told so. */
    void tellCommitted() {
        publishes.ended(committed);
        committed = 0;
    }
}
