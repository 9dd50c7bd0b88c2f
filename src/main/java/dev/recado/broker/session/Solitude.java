package dev.recado.broker.session;

import java.util.ArrayDeque;
import java.util.function.IntConsumer;

/**
 * Lets one partition at a time hand a subscription's member a message alone: the others keep it free meanwhile. Without
 * I/O; owned by the session's loop.
 */
public final class Solitude {

    private final Seats seats;
    /** One of each partition at most; the first has the member, or waits for the others to be rid of it. */
    private final ArrayDeque<Ask> asks = new ArrayDeque<>(0);

    private int occupied;

    /** A partition's question; it never gives a number twice. */
    private record Ask(int partition, long question) {}

    /** The subscription's places in the partitions' groups. */
    interface Seats {
        int count();

        /** Hands out nothing there until {@link #release}; {@link #onEmpty} comes once nothing is held there. */
        void reserve(int partition, int asker, long question);

        void release(int partition);

        void grant(int partition, long question);
    }

    Solitude(Seats seats) {
        this.seats = seats;
    }

    void want(int partition, long question) {
        asks.add(new Ask(partition, question));
        if (asks.size() == 1) {
            serve();
        }
    }

    /** The partition has done with it, or does not want it any more. */
    void end(int partition) {
        Ask first = asks.peek();
        if (first == null || first.partition() != partition) {
            asks.removeIf(ask -> ask.partition() == partition);
            return;
        }
        asks.remove();
        eachOther(partition, seats::release);
        if (!asks.isEmpty()) {
            serve();
        }
    }

    private void serve() {
        Ask ask = asks.element();
        occupied = seats.count() - 1;
        eachOther(ask.partition(), other -> seats.reserve(other, ask.partition(), ask.question()));
    }

    /** One more of the other partitions holds nothing, for that question of {@code partition}. */
    void onEmpty(int partition, long question) {
        Ask ask = new Ask(partition, question);
        if (ask.equals(asks.peek()) && --occupied == 0) {
            seats.grant(ask.partition(), ask.question());
        }
    }

    private void eachOther(int partition, IntConsumer action) {
        for (int other = 0; other < seats.count(); other++) {
            if (other != partition) {
                action.accept(other);
            }
        }
    }
}
