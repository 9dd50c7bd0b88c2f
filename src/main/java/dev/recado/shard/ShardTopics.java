package dev.recado.shard;

import dev.recado.base.Countdown;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;

/** Brings the partitions of one shard to what the catalog says of their topics. Called on the shard's loop. */
public final class ShardTopics {

    private final ShardOwner shard;

    ShardTopics(ShardOwner shard) {
        this.shard = shard;
    }

    /** Opens groups that the catalog knows and the log does not: a crash came between the two. */
    public void openMissingGroups(Runnable onDone) {
        Countdown countdown = new Countdown(shard.partitions().size(), onDone);
        for (PartitionOwner owner : shard.partitions()) {
            new TopicChanges(owner).onChanged(owner.topic(), countdown::down);
        }
    }

    /**
     * The partition's topic or one of its groups has changed or ended in the catalog; {@code onDone} runs when that is
     * in force, new groups' beginnings committed.
     */
    public void onChanged(Partition partition, Runnable onDone) {
        PartitionOwner owner = shard.existing(partition.id());
        if (owner == null) {
            onDone.run();
            return;
        }
        Topic topic = shard.view().catalog().topic(partition.topicId());
        if (topic != null) {
            new TopicChanges(owner).onChanged(topic, onDone);
            return;
        }
        shard.discard(owner);
        owner.close("topic deleted");
        if (!owner.inMemoryOnly()) {
            shard.effects().drop(partition.id());
        }
        onDone.run();
    }

    /** As {@link #onChanged} during recovery: nothing is opened, the log says where groups begin. */
    public void onRecovered(Partition partition, boolean dropped) {
        PartitionOwner owner = shard.existing(partition.id());
        if (owner == null) {
            return;
        }
        if (dropped) {
            shard.discard(owner);
            owner.close("topic deleted"); // its segments go at the end of the recovery
        } else {
            Topic topic = shard.view().catalog().topic(partition.topicId());
            if (topic != null) {
                new TopicChanges(owner).onRecovered(topic);
            }
        }
    }
}
