package dev.recado.broker.session;

import dev.recado.shard.MemberCommand;
import java.util.List;
import java.util.function.BiConsumer;

/** What {@link Solitude} says to a subscription's places, as commands to their owners. Owned by the session's loop. */
final class SeatsAlone implements Solitude.Seats {

    private final List<Seat> seats;
    private final BiConsumer<Seat, MemberCommand> send;

    SeatsAlone(List<Seat> seats, BiConsumer<Seat, MemberCommand> send) {
        this.seats = seats;
        this.send = send;
    }

    @Override
    public int count() {
        return seats.size();
    }

    @Override
    public void reserve(int partition, int asker, long question) {
        send.accept(seats.get(partition), new MemberCommand.Reserve(asker, question));
    }

    @Override
    public void release(int partition) {
        send.accept(seats.get(partition), new MemberCommand.Release());
    }

    @Override
    public void grant(int partition, long question) {
        send.accept(seats.get(partition), new MemberCommand.Grant(question));
    }
}
