package dev.recado.broker.session;

import dev.recado.shard.MemberCommand;
import dev.recado.shard.MemberId;
import dev.recado.shard.MemberPort;
import dev.recado.shard.PendingTransaction;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardPort;

/**
 * A subscription's place in one partition's group, and what gathers in the session's turn for the partition's owner.
 * Owned by the session's loop.
 */
final class Seat {

    private final ShardPort owner;
    private final MemberId id;
    private final MemberPort from;
    private final AckList acks = new AckList();
    private long written;
    /** Handed out, and neither acknowledged nor given back, as far as this side knows. */
    private long inHand;

    /** Where the range of acknowledgements ended that went furthest. */
    private long rangeLast = -1;

    Seat(ShardPort owner, MemberId id, MemberPort from) {
        this.owner = owner;
        this.id = id;
        this.from = from;
    }

    ShardPort owner() {
        return owner;
    }

    /** Whether it takes from the queue of a pattern, which is in memory and in no log. */
    boolean isOfPattern() {
        return id.partition() < 0;
    }

    /** As it is told to the owner as a part of a transaction. */
    PendingTransaction.Settled settled(MemberCommand command) {
        return new PendingTransaction.Settled(id, from, command);
    }

    /** Notes that the session was handed so many more messages; from where ranges reached already, they come again. */
    void onHanded(int count, long firstOffset) {
        inHand += count;
        rangeLast = Math.min(rangeLast, firstOffset - 1);
    }

    /** Answers how many messages that was: of a range, those behind the one before, and no more than are in hand. */
    long gatherAck(long firstOffset, long lastOffset) {
        acks.add(firstOffset, lastOffset);
        return settled(firstOffset, lastOffset);
    }

    /** As {@link #gatherAck} of what the owner is told by itself. */
    long settled(long firstOffset, long lastOffset) {
        long from = firstOffset;
        if (firstOffset < lastOffset) {
            from = Math.max(firstOffset, rangeLast + 1);
            rangeLast = Math.max(rangeLast, lastOffset);
        }
        long count = Math.max(0, Math.min(inHand - 1, lastOffset - from) + 1);
        inHand -= count;
        return count;
    }

    void gatherWritten(long bytes) {
        written += bytes;
    }

    /** Tells the owner what gathered. */
    void flush() {
        if (!acks.isEmpty() || written > 0) {
            tell(gathered());
        }
    }

    private MemberCommand.Settle gathered() {
        MemberCommand.Settle gathered = new MemberCommand.Settle(acks.take(), written);
        written = 0;
        return gathered;
    }

    /** Leaves with what gathered: nothing is handed out in between. */
    void leave(boolean vanished, boolean durably) {
        tell(new MemberCommand.Leave(gathered(), vanished, durably));
    }

    /** Tells the owner something, behind what it was told before. */
    void tell(MemberCommand command) {
        owner.tell(new ShardCommand.ToMember(id, from, command));
    }
}
