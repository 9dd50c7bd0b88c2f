package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.message.TransactionLayout;
import dev.recado.core.message.UnsoundEntryException;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalRecovery;
import dev.recado.journal.RecoveredJournal;
import dev.recado.journal.Repair;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.SegmentStore;
import dev.recado.journal.StateFile;
import dev.recado.shard.ProgressLog;
import dev.recado.shard.ShardState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Looks at a data directory on which no broker runs: what is damaged, and which messages a repair would lose, told
 * before anything is cut. Follows the rules of {@link Recovery} and writes nothing.
 */
public final class Inspection implements JournalRecovery.Visitor {

    /**
     * What was found.
     *
     * @param damages one for each place; empty where all is well
     * @param losses what a repair gives up, a line each
     * @param stateLost whether no state file is readable, so that nothing can be repaired
     * @param lostMessages the messages that {@code losses} names
     */
    public record Findings(List<DamagedException> damages, List<String> losses, boolean stateLost, long lostMessages) {}

    private final SegmentStore store;
    private final Losses losses = new Losses();
    private final Map<Integer, Long> ends = new TreeMap<>();
    private final Map<Integer, Long> cursors = new HashMap<>();
    private final Map<Integer, Long> lastIndexes = new HashMap<>();
    private final int metaShard;
    private Catalog catalog;
    private boolean changesLost;

    private Inspection(Disk disk, int shards) {
        store = new SegmentStore(disk, SegmentSettings.defaults());
        metaShard = shards;
        catalog = Catalog.empty(shards);
    }

    /** Looks; the caller holds the directory's lock. */
    public static Findings look(Disk disk, int shards) {
        Inspection inspection = new Inspection(disk, shards);
        try (inspection.store) {
            inspection.readState(disk);
            Repair.Report report = Repair.verify(disk, inspection);
            List<DamagedException> damages = new ArrayList<>(report.damages());
            RecoveredJournal journal = report.journal();
            if (journal != null) {
                inspection.openDirectories(disk);
                inspection.judge(journal, damages);
                report.gaps().forEach(inspection::onGap);
                if (damages.stream().anyMatch(DamagedException::isOfJournal)) {
                    inspection.tellUnknown(disk);
                }
            }
            return new Findings(
                    List.copyOf(damages),
                    damages.isEmpty() ? List.of() : inspection.losses.lines(),
                    report.stateLost(),
                    inspection.losses.messageCount());
        }
    }

    private void readState(Disk disk) {
        StateFile.State state;
        try {
            state = StateFile.read(disk);
        } catch (DamagedException noneIsReadable) {
            return; // the check of the directory tells
        }
        if (state != null) {
            read(state);
        }
    }

    private void read(StateFile.State state) {
        byte[] meta = state.sections().get(Checkpointer.META);
        Catalog known = meta == null ? null : Catalog.decode(new ByteReader(meta));
        catalog = known == null ? catalog : known;
        byte[] segments = state.sections().get(Checkpointer.SEGMENTS);
        if (segments != null) {
            store.readState(new ByteReader(segments));
        }
        for (int shard = 0; shard <= metaShard; shard++) {
            byte[] section = state.sections().get(Checkpointer.SHARD + shard);
            if (section != null) {
                lastIndexes.put(shard, ShardState.decodeLog(shard, section).lastIndex());
                ShardState.readEnds(section, ends::put, this::onCursor);
            }
        }
    }

    private void onCursor(int partition, long cursor) {
        cursors.merge(partition, cursor, Math::max);
    }

    private void openDirectories(Disk disk) {
        for (Partition partition : catalog.partitions()) {
            Topic topic = catalog.topic(partition.topicId());
            if (topic != null && disk.exists(SegmentFlusher.directory(partition, topic))) {
                store.open(partition.id(), SegmentFlusher.directory(partition, topic));
            }
        }
    }

    /** Directories of topics whose creation was in what is damaged, with everything that the journal had of them. */
    private void tellUnknown(Disk disk) {
        for (String name : disk.list(DataDirectory.TOPICS)) {
            String directory = DataDirectory.TOPICS + "/" + name;
            if (HeldMessages.topicOf(catalog, name) == null && DataDirectory.holdsSegments(disk, directory)) {
                losses.unknownTopic(directory);
            }
        }
    }

    @Override
    public void entry(long position, byte[] bytes, int from, int length, EntryHeader header) {
        if (header.shard() > metaShard) {
            throw new UnsoundEntryException("unknown shard");
        }
        long last = lastIndexes.getOrDefault(header.shard(), 0L);
        if (header.index() <= last) {
            return;
        }
        TransactionLayout.Parts together = header.type() == EntryType.TRANSACTION
                ? Recovery.sound(TransactionLayout.read(bytes, from, length, header))
                : null;
        List<StoredRun> runs = header.type() == EntryType.DATA
                ? Recovery.sound(RunLayout.readAll(bytes, from, length, header))
                : together == null ? List.of() : together.runs();
        if (header.index() > last + 1 && header.shard() == metaShard) {
            losses.changes(last + 1, header.index());
            changesLost = true;
        }
        lastIndexes.put(header.shard(), header.index());
        ByteReader body = EntryLayout.body(bytes, from, length);
        switch (header.type()) {
            case DATA -> runs.forEach(this::onRun);
            case TRANSACTION -> {
                runs.forEach(this::onRun);
                onProgress(header.type(), Objects.requireNonNull(together).progress());
            }
            case PROGRESS, PROGRESS_1 -> onProgress(header.type(), body);
            case TRIM -> onCursor(body.readInt(), body.readLong());
            case CATALOG -> onChange(body);
            default -> {
                // Nothing else moves the end of a partition.
            }
        }
    }

    private void onRun(StoredRun run) {
        Partition partition = catalog.partition(run.partition());
        Topic topic = partition == null ? null : catalog.topic(partition.topicId());
        if (partition == null || topic == null) {
            if (changesLost) {
                losses.stranger(run.partition(), run.count());
            }
            return;
        }
        long end = ends.getOrDefault(run.partition(), 0L);
        if (run.baseOffset() < end) {
            throw new UnsoundEntryException("offset=" + run.baseOffset() + " of partition=" + run.partition()
                    + " does not follow the end=" + end);
        }
        passGap(topic, partition, run.baseOffset());
        ends.put(run.partition(), run.endOffset());
    }

    private void passGap(Topic topic, Partition partition, long offset) {
        long end = ends.getOrDefault(partition.id(), 0L);
        long kept = Math.max(end, Math.min(held(topic, partition), offset));
        if (kept < offset) {
            losses.messages(topic, partition, kept, offset);
        }
        ends.put(partition.id(), Math.max(end, offset));
    }

    private long held(Topic topic, Partition partition) {
        if (topic.settings().durability() != Durability.MEMORY && store.endOffset(partition.id()) == 0) {
            store.open(partition.id(), SegmentFlusher.directory(partition, topic));
        }
        return store.endOffset(partition.id());
    }

    private void onProgress(EntryType type, ByteReader in) {
        ProgressLog.readVersion(type, in);
        while (in.remaining() > 0 && !in.failed()) {
            int partition = in.readInt();
            in.readInt();
            ByteReader delta = new ByteReader(in.readBlock());
            delta.readVarLong();
            onCursor(partition, delta.readVarLong());
        }
    }

    private void onChange(ByteReader body) {
        if (body.remaining() == 0 || changesLost) {
            return;
        }
        CatalogChange change = CatalogChange.decode(body);
        if (change == null) {
            throw new UnsoundEntryException("a change of the catalog that cannot be read");
        }
        if (catalog.apply(change) instanceof CatalogResult.Applied applied) {
            catalog = applied.catalog();
            for (Topic dropped : applied.event().dropped()) {
                dropped.partitions().forEach(partition -> {
                    ends.remove(partition.id());
                    cursors.remove(partition.id());
                });
            }
        }
    }

    /** Compares the ends with what segments hold and groups have finished. */
    private void judge(RecoveredJournal journal, List<DamagedException> damages) {
        boolean sound = damages.isEmpty();
        for (Partition partition : catalog.partitions()) {
            Topic topic = catalog.topic(partition.topicId());
            if (topic == null || topic.settings().durability() == Durability.MEMORY) {
                continue;
            }
            long end = ends.getOrDefault(partition.id(), 0L);
            long held = store.endOffset(partition.id());
            if (held > end && topic.settings().durability() == Durability.FSYNC) {
                damages.add(journal.endsEarly(partition.id(), HeldMessages.endsEarly(topic, partition, end, held)));
            }
            if (held > end) {
                ends.put(partition.id(), held);
            }
            if (!sound || !damages.isEmpty()) {
                passGap(topic, partition, cursors.getOrDefault(partition.id(), 0L));
            }
        }
    }

    private void onGap(Repair.Gap gap) {
        Partition partition = catalog.partition(gap.partition());
        Topic topic = partition == null ? null : catalog.topic(partition.topicId());
        if (partition != null && topic != null) {
            losses.messages(topic, partition, gap.from(), gap.to());
        }
    }
}
