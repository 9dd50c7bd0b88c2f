package dev.recado.shard;

/**
 * What a session says of one of its members to the owner of the partition: plain data, done on the partition's loop in
 * the order in which it was said. Only {@link Pull} waits, for the commit of what the partition was given before.
 */
public sealed interface MemberCommand {

    /** Does it to a member of {@code group} that is there. */
    void applyTo(GroupOwner group, Member member);

    /** Whether it waits behind the publishes that have reached the shard. */
    default boolean inTurn() {
        return false;
    }

    /** The member is gone, and maybe the partition: answers who waits for an answer. */
    default void onGone(ShardOwner shard, MemberId id, MemberPort from) {}

    /**
     * What gathered in a turn of the session: acknowledged ranges, as pairs of first and last offset, and how many
     * bytes its socket took.
     */
    record Settle(long[] ranges, long writtenBytes) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            if (ranges.length > 0) {
                group.ack(member, ranges);
            }
            if (writtenBytes > 0) {
                group.onWritten(member, writtenBytes);
            }
        }

        @Override
        public void onGone(ShardOwner shard, MemberId id, MemberPort from) {
            shard.ignored(ranges.length / 2);
        }
    }

    /** {@link MemberPort#onAcked} answers it once it is as durable as the group's progress ever gets. */
    record AcknowledgeDurably(int partitionIndex, long offset) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.ack(member, offset, offset);
            group.whenDurable(() -> member.port().onAcked(partitionIndex, offset));
        }

        @Override
        public void onGone(ShardOwner shard, MemberId id, MemberPort from) {
            shard.ignored(1);
            shard.whenDurable(id.partition(), () -> from.onAcked(partitionIndex, offset));
        }
    }

    /** Settles one message without an answer. */
    sealed interface SettlesOne extends MemberCommand {
        @Override
        default void onGone(ShardOwner shard, MemberId id, MemberPort from) {
            shard.ignored(1);
        }
    }

    /** Gives a message back, to be delivered again in {@code delayMs}; -1 for the group's back-off. */
    record Return(long offset, long delayMs) implements SettlesOne {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.nack(member, offset, delayMs);
        }
    }

    /** Gives a message back that nobody shall have again: a dead letter. */
    record Reject(long offset, String reason) implements SettlesOne {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.reject(member, offset, reason);
        }
    }

    /** The lease of a message ends in {@code ms}; {@link MemberPort#onExtended} answers. */
    record Extend(long offset, long ms, long ticket) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            member.port().onExtended(ticket, group.extend(member, offset, ms));
        }

        @Override
        public void onGone(ShardOwner shard, MemberId id, MemberPort from) {
            shard.ignored(1);
            from.onExtended(ticket, false);
        }
    }

    /** More credit, from the session's client, which is a sign of life, or from another partition. */
    record Credit(int messages, boolean lent) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            if (!lent) {
                group.hear(member);
            }
            group.credits().add(member, messages);
        }
    }

    /** Half of the credit that is not used here is to go to another partition; {@link MemberPort#onLent} answers. */
    record Lend(int borrower) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            int lent = group.credits().lend(member);
            if (lent > 0) {
                member.port().onLent(borrower, lent);
            }
        }
    }

    /** A sign of life. */
    record Hear() implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.hear(member);
        }
    }

    /** A lease of the subscription ended on another partition. */
    record Silence() implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.silence(member);
        }
    }

    /** Partition {@code asker} wants it alone: {@link MemberPort#onEmpty} answers once it holds nothing here. */
    record Reserve(int asker, long question) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.alone().reserve(member, new Member.Reservation(asker, question));
        }
    }

    /** No other partition wants it alone any more. */
    record Release() implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.alone().release(member);
        }
    }

    /** It holds nothing elsewhere: the answer to {@link MemberPort#wantAlone}. */
    record Grant(long question) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.alone().grant(member, question);
        }
    }

    /**
     * Asks for a message, behind what the session has published; what waits for room of it is refused, as it may wait
     * for this. {@link MemberPort#onPulled} answers, unless the subscription ends.
     */
    record Pull(long ticket) implements MemberCommand {
        @Override
        public boolean inTurn() {
            return true;
        }

        @Override
        public void applyTo(GroupOwner group, Member member) {
            PartitionContext partition = group.partition();
            partition.refuseParked(member.session());
            partition.whenCommitted(partition.nextOffset(), () -> group.pull(member, ticket));
        }
    }

    /**
     * The member is handed nothing more and counts no more; what it holds stays with it. {@link MemberPort#onCeased}
     * answers, behind all that it was handed and the end of a topic that ends with it (unless that is held up by dead
     * letters that are refused).
     */
    record Cease() implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            group.cease(member);
            group.partition().behindEnd(member.port()::onCeased);
        }

        @Override
        public void onGone(ShardOwner shard, MemberId id, MemberPort from) {
            from.onCeased();
        }
    }

    /**
     * The member settles what gathered and leaves; {@link MemberPort#onLeft} answers, with {@code durably} once what it
     * acknowledged is durable.
     *
     * @param vanished it did not say goodbye: what it held counts as a failed attempt
     */
    record Leave(Settle last, boolean vanished, boolean durably) implements MemberCommand {
        @Override
        public void applyTo(GroupOwner group, Member member) {
            last.applyTo(group, member);
            group.leave(member.slot(), vanished);
            group.partition().endIfOver();
            if (durably) {
                group.whenDurable(member.port()::onLeft);
            } else {
                member.port().onLeft();
            }
        }

        @Override
        public void onGone(ShardOwner shard, MemberId id, MemberPort from) {
            last.onGone(shard, id, from);
            if (durably) {
                shard.whenDurable(id.partition(), from::onLeft);
            } else {
                from.onLeft();
            }
        }
    }
}
