package dev.recado.shard;

import dev.recado.core.topic.Partition;
import dev.recado.core.topic.ProducerWindow;

/**
 * Where a shard is told and asked what sessions want of its partitions and of members of their groups, in the order in
 * which each loop says it. Any loop; keeps nothing. Not final: in a simulation what is said crosses as bytes.
 */
public class ShardCommands {

    private final ShardOwner shard;

    public ShardCommands(ShardOwner shard) {
        this.shard = shard;
    }

    /** Has {@code command} done, now where this is the shard's loop; {@code from} is answered. Any loop. */
    public void tell(MemberId id, MemberPort from, MemberCommand command) {
        shard.loop().dispatch(() -> on(id, from, command));
    }

    /** As {@link #tell}, behind the publishes that have reached the shard. */
    public void ask(MemberId id, MemberPort from, MemberCommand command) {
        shard.submit(() -> on(id, from, command));
    }

    private void on(MemberId id, MemberPort from, MemberCommand command) {
        PartitionOwner partition = shard.existing(id.partition());
        GroupOwner group = partition == null ? null : partition.group(id.group());
        Member member = group == null ? null : group.member(id);
        if (group == null || member == null) {
            command.onGone(this, id, from);
        } else {
            command.applyTo(group, member);
        }
    }

    /** Has {@code command} done behind the publishes that have reached the shard. Any loop. */
    public void ask(Partition partition, Asker from, long ticket, PartitionCommand command) {
        shard.submit(() -> {
            PartitionOwner owner = shard.partition(partition);
            if (owner == null) {
                from.answered(ticket, new PartitionAnswer.Gone());
            } else if (command.waitsForCommit()) {
                owner.whenCommitted(owner.nextOffset(), () -> command.applyTo(owner, from, ticket));
            } else {
                command.applyTo(owner, from, ticket);
            }
        });
    }

    /** As {@link #ask(Partition, Asker, long, PartitionCommand)} for who wants no answer. */
    public void tell(Partition partition, PartitionCommand command) {
        ask(partition, Asker.NOBODY, 0, command);
    }

    /** Has {@code session}'s subscription become a member; {@code from} is answered. Any loop. */
    public void join(Partition partition, MemberPort from, Receipts session, Join join) {
        shard.submit(() -> {
            PartitionOwner owner = shard.partition(partition);
            if (owner == null || owner.closing()) {
                from.onNotJoined(join.topicGone());
            } else {
                join.applyTo(owner, from, session);
            }
        });
    }

    /**
     * Asks, behind the publishes that have reached the shard, for the number behind the highest one that its partitions
     * know of a producer: {@link PartitionAnswer.Value}, -1 where none does. Any loop.
     */
    public void askProducer(String id, Asker from, long ticket) {
        shard.submit(() -> {
            long next = -1;
            for (PartitionOwner owner : shard.partitions()) {
                ProducerWindow window = owner.producers().window(id);
                next = Math.max(next, window == null ? -1 : window.next());
            }
            from.answered(ticket, new PartitionAnswer.Value(next));
        });
    }

    /** Refuses what waits for room of {@code session}, behind the publishes that have reached the shard. Any loop. */
    public void refuseParked(Receipts session) {
        shard.submit(() -> shard.refuseParked(session));
    }

    /** Acknowledgements came from somebody who is not there. */
    void ignored(int acknowledgements) {
        shard.loop().counters().acksIgnored(acknowledgements);
    }

    /** Runs {@code task} once what groups have finished on that partition is as durable as it ever gets. */
    void whenDurable(int partitionId, Runnable task) {
        PartitionOwner partition = shard.existing(partitionId);
        if (partition == null || partition.inMemoryOnly()) {
            task.run();
        } else {
            shard.progress().writeDurably(task);
        }
    }
}
