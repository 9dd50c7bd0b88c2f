package dev.recado.node;

import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.RecoveredJournal;
import dev.recado.journal.SegmentStore;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.Upkeep;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What segments hold behind the end of the journal, judged once it has been read. A message is written to a segment
 * after it was committed, and of a topic of durability {@code fsync} it was synced in the journal before that: a
 * journal that ends earlier is damaged. Of a topic of durability {@code os} it is what a loss of power does: the
 * segment wins up to its last whole run, and two checkpoints say so before the start goes on. A repair lets the
 * segment win everywhere.
 */
final class HeldMessages {

    private static final Logger LOG = LoggerFactory.getLogger(HeldMessages.class);
    private static final int PIECE_BYTES = 1024 * 1024;

    private final Node node;
    private final Disk disk;
    private final SegmentStore store;
    private final @Nullable Losses losses;
    private boolean anyKept;

    HeldMessages(Node node, Disk disk, @Nullable Losses losses) {
        this.node = node;
        this.disk = disk;
        this.losses = losses;
        store = node.segments().store();
    }

    /** Takes over what counts; throws where the journal is damaged by that. */
    void judge(RecoveredJournal recovered) {
        openDirectories();
        for (ShardOwner shard : node.owners()) {
            for (PartitionOwner owner : shard.partitions()) {
                long end = store.endOffset(owner.partition().id());
                if (end > owner.end() && !owner.inMemoryOnly()) {
                    judge(owner, end, recovered);
                }
                if (losses != null) {
                    passGap(owner, new Upkeep(owner).furthestCursor());
                }
            }
        }
    }

    /** Partitions of which no entry told: the state does not know them, and the journal lost what it had. */
    private void openDirectories() {
        for (String name : disk.list(DataDirectory.TOPICS)) {
            Topic topic = topicOf(node.catalog(), name);
            if (topic == null) {
                onStrangeDirectory(DataDirectory.TOPICS + "/" + name);
                continue;
            }
            for (Partition partition : topic.partitions()) {
                ShardOwner shard = node.owner(partition.shard());
                if (shard.existing(partition.id()) == null
                        && topic.settings().durability() != Durability.MEMORY
                        && disk.exists(SegmentFlusher.directory(partition, topic))) {
                    shard.partition(partition.id());
                }
            }
        }
    }

    static @Nullable Topic topicOf(Catalog catalog, String directory) {
        try {
            return catalog.topic(UUID.fromString(directory));
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
    }

    /** Deleted topics leave an empty directory each, which a start does not look into; a repair tells of others. */
    private void onStrangeDirectory(String path) {
        if (losses != null && DataDirectory.holdsSegments(disk, path)) {
            LOG.warn("directory of a topic that the catalog does not know, left as it is path={}", path);
        }
    }

    private void judge(PartitionOwner owner, long end, RecoveredJournal recovered) {
        String topic = owner.topic().name().toString();
        long messages = end - owner.end();
        boolean synced = owner.topic().settings().durability() == Durability.FSYNC;
        if (synced && losses == null) {
            throw recovered.endsEarly(
                    owner.partition().id(), endsEarly(owner.topic(), owner.partition(), owner.end(), end));
        }
        LOG.warn(
                "the journal ends before what a segment holds, which is kept topic={} partition={} from={} messages={}",
                topic,
                owner.partition().index(),
                owner.end(),
                messages);
        takeOver(owner, end);
        new Upkeep(owner).settled(false);
        anyKept = true;
    }

    static String endsEarly(Topic topic, Partition partition, long journalEnd, long segmentEnd) {
        return "the journal ends before what a segment holds topic=" + topic.name() + " partition=" + partition.index()
                + " journalEnd=" + journalEnd + " segmentEnd=" + segmentEnd + " messages=" + (segmentEnd - journalEnd)
                + ", which recado repair --accept-loss keeps";
    }

    /**
     * A repair: messages up to {@code offset} were given away and are not in the journal. What a segment holds of them
     * is kept, the rest is lost; their offsets are not given again.
     */
    void passGap(PartitionOwner owner, long offset) {
        if (offset <= owner.end() || losses == null) {
            return;
        }
        long end = store.endOffset(owner.partition().id());
        takeOver(owner, Math.min(end, offset));
        if (owner.end() < offset) {
            losses.messages(owner.topic(), owner.partition(), owner.end(), offset);
            owner.restoreEnd(offset);
        }
    }

    private void takeOver(PartitionOwner owner, long end) {
        try {
            read(owner, end);
        } catch (DamagedException damage) {
            if (losses == null) {
                LOG.error(
                        "partition damaged, its consumers are refused until recado repair damage={}",
                        damage.getMessage());
                owner.onDamaged();
            } else {
                losses.messages(owner.topic(), owner.partition(), owner.end(), end);
            }
            owner.restoreEnd(end);
        }
    }

    private void read(PartitionOwner owner, long end) {
        while (owner.end() < end) {
            List<StoredRun> runs = store.read(owner.partition().id(), owner.end(), PIECE_BYTES);
            if (runs.isEmpty() || runs.get(0).baseOffset() >= end) {
                owner.restoreEnd(end);
            }
            for (StoredRun run : runs) {
                if (run.baseOffset() >= owner.end() && run.endOffset() <= end) {
                    owner.restoreEnd(run.baseOffset());
                    owner.heldInSegments(end);
                    owner.commit(run);
                    node.owner(owner.partition().shard()).log().clock().onStored(run.logTimeMs());
                }
            }
        }
    }

    /** Whether segments held what the journal did not: until two states say so, nobody may be given later offsets. */
    boolean anyKept() {
        return anyKept;
    }
}
