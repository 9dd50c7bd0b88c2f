package dev.recado.broker.session;

import dev.recado.core.message.DeliveryBatch;
import dev.recado.shard.MemberCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's pulls that are not answered: each asks the seats in turn, beginning behind the one that gave last.
 * Owned by the session's loop.
 */
final class Pulls {

    private final List<Seat> seats;
    /** How many partitions had nothing for each, by its ticket. */
    private final Map<Long, Integer> tried = new HashMap<>(0);

    private int lastGave = -1;

    Pulls(List<Seat> seats) {
        this.seats = seats;
    }

    /** Answers false where there is nobody to ask. */
    boolean begin(long ticket) {
        tried.put(ticket, 0);
        return ask(ticket, 0);
    }

    /** The partition that was asked had {@code batch}, or nothing; answers whether another one is asked. */
    boolean goesOn(long ticket, @Nullable DeliveryBatch batch) {
        if (batch == null) {
            return ask(ticket, tried.merge(ticket, 1, Integer::sum));
        }
        tried.remove(ticket);
        lastGave = batch.partitionIndex();
        return false;
    }

    private boolean ask(long ticket, int before) {
        if (before >= seats.size()) {
            tried.remove(ticket);
            return false;
        }
        seats.get((lastGave + 1 + before) % seats.size()).tell(new MemberCommand.Pull(ticket));
        return true;
    }
}
