package dev.recado.broker.session;

import dev.recado.shard.MemberCommand;
import dev.recado.shard.MemberId;
import dev.recado.shard.MemberPort;
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

    Seat(ShardPort owner, MemberId id, MemberPort from) {
        this.owner = owner;
        this.id = id;
        this.from = from;
    }

    void gatherAck(long firstOffset, long lastOffset) {
        acks.add(firstOffset, lastOffset);
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
