package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.ProducerWindow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said to a shard: by sessions, by its node, and by those who have done something for it. Data, and where the
 * answer goes; done on the shard's loop by {@link ShardOwner#on}. What is published comes as runs, beside these and in
 * one order with them.
 */
public sealed interface ShardCommand extends Queued {

    /** Whether it waits behind the runs and commands that came before; else it is done as it comes. */
    default boolean inTurn() {
        return true;
    }

    void applyTo(ShardOwner shard);

    /** What a session says. */
    sealed interface OfSession extends ShardCommand {}

    /** What the node says, or the journal, the flusher and the readers have done for it. */
    sealed interface OfNode extends ShardCommand {}

    /** Says something of a member; {@code from} is answered. */
    record ToMember(MemberId id, MemberPort from, MemberCommand command) implements OfSession {
        @Override
        public boolean inTurn() {
            return command.inTurn();
        }

        @Override
        public void applyTo(ShardOwner shard) {
            PartitionOwner partition = shard.existing(id.partition());
            GroupOwner group = partition == null ? null : partition.group(id.group());
            Member member = group == null ? null : group.member(id);
            if (partition == null || group == null || member == null) {
                command.onGone(shard, id, from);
            } else {
                command.applyTo(group, member);
                partition.tickSoon();
            }
        }
    }

    /** Tells or asks the owner of a partition something; {@code from} is answered under {@code ticket}. */
    record ToPartition(Partition partition, Asker from, long ticket, PartitionCommand command) implements OfSession {

        /** For who wants no answer. */
        public ToPartition(Partition partition, PartitionCommand command) {
            this(partition, Asker.NOBODY, 0, command);
        }

        @Override
        public void applyTo(ShardOwner shard) {
            PartitionOwner owner = shard.partition(partition);
            if (owner == null) {
                from.answered(ticket, new PartitionAnswer.Gone());
            } else if (command.waitsForCommit()) {
                owner.whenCommitted(owner.nextOffset(), () -> command.applyTo(owner, from, ticket));
            } else {
                command.applyTo(owner, from, ticket);
            }
        }
    }

    /** {@code session}'s subscription wants to become a member on a partition; {@code from} is answered. */
    record ToJoin(Partition partition, MemberPort from, Receipts session, Join join) implements OfSession {
        @Override
        public void applyTo(ShardOwner shard) {
            PartitionOwner owner = shard.partition(partition);
            if (owner == null || owner.closing() || owner.opening().isShut()) {
                from.onNotJoined(join.topicGone());
            } else {
                join.applyTo(owner, from, session);
            }
        }
    }

    /**
     * Asks for the number behind the highest one that the shard's partitions of a namespace know of a producer: {@link
     * PartitionAnswer.Value}, -1 where none does.
     */
    record NextNumber(String namespace, String producer, Asker from, long ticket) implements OfSession {
        @Override
        public void applyTo(ShardOwner shard) {
            long next = -1;
            for (PartitionOwner owner : shard.partitions()) {
                boolean isTheirs = owner.topic().name().namespace().equals(namespace);
                ProducerWindow window = isTheirs ? owner.producers().window(producer) : null;
                next = Math.max(next, window == null ? -1 : window.next());
            }
            from.answered(ticket, new PartitionAnswer.Value(next));
        }
    }

    /** Has all that a transaction does in this shard done, or nothing. */
    record Commit(PendingTransaction part) implements OfSession {
        @Override
        public void applyTo(ShardOwner shard) {
            part.perform(shard);
        }
    }

    /** Refuses what waits for room of one session. */
    record RefuseParked(Receipts session) implements OfSession {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.crowded().refuseParked(session);
        }
    }

    /**
     * The topic of a partition, or one of its groups, has changed or ended in the catalog: {@link PartitionAnswer.Done}
     * once that is in force, new groups' beginnings committed.
     */
    record TopicChanged(Partition partition, Asker from, long ticket) implements OfNode {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.topics().onChanged(partition, () -> from.answered(ticket, new PartitionAnswer.Done()));
        }
    }

    /**
     * Changes the catalog, said to the shard of {@code $meta}: {@link PartitionAnswer.Done} once every owner that it
     * concerns has seen it, or {@link PartitionAnswer.Refused}.
     */
    record ChangeCatalog(CatalogChange change, Asker from, long ticket) implements OfNode {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.effects().changeCatalog(change, from, ticket);
        }
    }

    /** Two states say what segments held beyond the journal: those partitions may be published to. */
    record Settled() implements OfNode {
        @Override
        public void applyTo(ShardOwner shard) {
            for (PartitionOwner owner : shard.partitions()) {
                new Upkeep(owner).settled(true);
            }
        }
    }

    /** The broker stops: what waits for room does not get any. */
    record RefuseAllParked(Refusal why) implements OfNode {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.crowded().refuseAllParked(why);
        }
    }

    /**
     * The broker stops: what members still hold returns; {@link PartitionAnswer.Done} once what groups have finished is
     * as durable as it ever gets.
     */
    record TakeLeasesBack(Asker from, long ticket) implements OfNode {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.forEachGroup(GroupOwner::returnAll);
            shard.progress().writeDurably(() -> from.answered(ticket, new PartitionAnswer.Done()));
        }
    }

    /** What a shard is told of what it had asked for. */
    sealed interface Outcome extends OfNode {
        @Override
        default boolean inTurn() {
            return false;
        }
    }

    /** The journal holds everything up to {@code index} as durably as was asked. */
    record Committed(long epoch, long index) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.onSynced(epoch, index);
        }
    }

    /** Segments hold these runs, a list for each partition. */
    record Flushed(List<List<StoredRun>> batch) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.feed().onFlushed(batch);
            shard.markDirty();
        }
    }

    /** Segments were read for the question with that ticket. */
    record Read(long ticket, ColdPiece piece) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.reads().onRead(ticket, piece);
        }
    }

    /** As {@link Read} for a time: the offset, or -1 where the partition is damaged. */
    record TimeFound(long ticket, long offset) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.reads().onTimeFound(ticket, offset);
        }
    }

    /** What is stored of a partition cannot be read. */
    record Damaged(int partition) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            PartitionOwner owner = shard.existing(partition);
            if (owner != null) {
                owner.onDamaged();
            }
        }
    }

    /** The places in segments of what a partition stores; behind what came before, so that places are told once. */
    record Measured(Measuring measuring) implements OfNode {
        @Override
        public void applyTo(ShardOwner shard) {
            PartitionOwner owner = shard.existing(measuring.wish().partition());
            if (owner != null) {
                owner.backlog().onMeasured(measuring);
            }
        }
    }

    /** There is a topic for the dead letters for which one was asked with that ticket; or why there is none. */
    record TopicMade(long ticket, @Nullable Refusal refusal) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.letters().onTopicMade(ticket, refusal);
        }
    }

    /** So many dead letters from a ticket on are stored as their topics promise. */
    record LettersStored(long firstTicket, int count) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.letters().onStored(firstTicket, count);
        }
    }

    /** Or are not. */
    record LettersRefused(long firstTicket, int count, Refusal why) implements Outcome {
        @Override
        public void applyTo(ShardOwner shard) {
            shard.letters().onRefused(firstTicket, count, why);
        }
    }
}
