package dev.recado.broker;

/** Where a shard is told what sessions say of members of its groups. Owned by the shard's loop. */
final class MemberDesk {

    private final ShardOwner shard;

    MemberDesk(ShardOwner shard) {
        this.shard = shard;
    }

    /** Has {@code command} done, now where this is the shard's loop; {@code from} is answered. Any loop. */
    void tell(MemberId id, MemberPort from, MemberCommand command) {
        shard.loop().dispatch(() -> on(id, from, command));
    }

    /** As {@link #tell}, behind the publishes that have reached the shard. */
    void ask(MemberId id, MemberPort from, MemberCommand command) {
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

    /** Acknowledgements came from somebody who is not there. */
    void ignored(int acknowledgements) {
        shard.loop().counters().acksIgnored += acknowledgements;
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
