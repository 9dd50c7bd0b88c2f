package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;

/**
 * The queue in memory behind one pattern subscription: a partition of the memory shard of its loop, with one group and
 * one member. Owned by that loop.
 */
public final class PatternQueue {

    private final ShardOwner shard;
    private final PartitionOwner owner;

    private PatternQueue(ShardOwner shard, PartitionOwner owner) {
        this.shard = shard;
        this.owner = owner;
    }

    /**
     * Opens one that gets what comes from now on.
     *
     * @param id below 0, of no other queue
     * @param topic says what it may hold
     * @param pattern what its group is called
     */
    public static PatternQueue open(ShardOwner memoryShard, int id, Topic topic, String pattern) {
        PartitionOwner owner =
                new PartitionOwner(memoryShard, topic, new Partition(id, id, 0, 0), 0, 0, Producers.NOBODY);
        for (GroupDef def : topic.groups()) {
            GroupDef named = new GroupDef(
                    def.id(), def.topicId(), pattern, def.kind(), def.settings(), def.from(), def.createdMs());
            owner.groups().put(new GroupOwner(owner, named, new PartitionGroup(def.settings(), 0)));
        }
        memoryShard.adopt(owner);
        return new PatternQueue(memoryShard, owner);
    }

    /** Its home. */
    public ShardLoop loop() {
        return shard.loop();
    }

    /** Has a subscription become its member. */
    public MemberId join(MemberPort port, Receipts session, MemberTraits traits) {
        return group().join(port, session, traits);
    }

    private GroupOwner group() {
        return owner.groups().all()[0];
    }

    /** Appends {@code block}; one that has ended misses it. */
    public void commit(PatternBlock block) {
        int id = owner.partition().id();
        if (shard.existing(id) == owner) {
            owner.commit(block.asRun(id, owner.nextOffset(), shard.clock().nowMs()));
        }
    }

    /** Its member has left. It ends behind its dead letters. */
    public void close() {
        GroupOwner group = group();
        if (group.group().deadLettering() == 0) {
            end();
            return;
        }
        giveUpReady(group);
        group.drainDeadLetters(this::end);
    }

    private void end() {
        shard.discard(owner);
        owner.close("unsubscribed");
    }

    /** Nobody will be handed these: their memory is not for them to keep until the dead letters are stored. */
    private void giveUpReady(GroupOwner group) {
        while (group.needs().anyReadyAgain() && group.needs().dropOldest() != PartitionGroup.NONE) {}
        group.needs().dropFresh(owner.end());
        owner.markDirty();
    }
}
