package dev.recado.broker.session;

import dev.recado.shard.MemberCommand;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Whether the member of a subscription to several partitions is silent. The session is the only one that every sign of
 * life and every partition passes: an owner tells it of a lease that ended, it tells the other owners, and all of them
 * of the next sign of life. A notice that a sign of life has crossed is void. Owned by the session's loop.
 */
final class LifeSigns {

    private static final MemberCommand HEAR = new MemberCommand.Hear();
    private static final MemberCommand SILENCE = new MemberCommand.Silence();

    private final List<Seat> seats;
    private final BiConsumer<Seat, MemberCommand> send;
    /** Signs so far; owners on other loops read it. */
    private final AtomicLong count = new AtomicLong();

    private boolean silent;

    LifeSigns(List<Seat> seats, BiConsumer<Seat, MemberCommand> send) {
        this.seats = seats;
        this.send = send;
    }

    /** Signs of life so far, any of which makes an older notice of silence void. Any loop. */
    long count() {
        return count.get();
    }

    /** The client gave one. */
    void add() {
        count.lazySet(count.getPlain() + 1);
    }

    /** A lease ended on a partition after {@code then} signs: every partition hears of it. */
    void onSilent(int partitionIndex, long then) {
        if (count.get() != then) {
            send.accept(seats.get(partitionIndex), HEAR);
            return;
        }
        silent = true;
        for (Seat seat : seats) {
            send.accept(seat, SILENCE);
        }
    }

    /** A sign of life, here or, behind a notice of silence, at an owner: every partition hears of it. */
    void onHeard() {
        if (silent) {
            silent = false;
            for (Seat seat : seats) {
                send.accept(seat, HEAR);
            }
        }
    }
}
