package dev.recado.load.amqp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Deliveries that wait to be received, and receivers that wait for deliveries. It belongs to its event loop. */
final class Inbox {

    /** Deliveries that may wait; the prefetch of a consumer is at most that. */
    static final int ARRIVALS_MAX = 65_535;

    private final EventLoop loop;
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private final Deque<Wait> receivers = new ArrayDeque<>();
    private @Nullable String ended;

    /** A delivery and when it came, by the clock of the run. */
    record Arrival(long tag, byte[] payload, boolean redelivered, long arrivedMs) {}

    /** Told about the outcome of a wait for a delivery, exactly once. */
    interface Receiver {
        void onArrival(Arrival arrival);

        /** @param problem null where the time was over */
        void onNothing(@Nullable String problem);
    }

    private record Wait(Receiver receiver, ScheduledFuture<?> deadline) {}

    Inbox(EventLoop loop) {
        this.loop = loop;
    }

    /** Hands the delivery over, or keeps it; false where there are more than any prefetch allows. */
    boolean add(Arrival arrival) {
        Wait wait = receivers.poll();
        if (wait == null) {
            return arrivals.size() < ARRIVALS_MAX && arrivals.add(arrival);
        }
        wait.deadline.cancel(false);
        wait.receiver.onArrival(arrival);
        return true;
    }

    /** Hands over the next delivery, at once or as soon as it comes. */
    void receive(long waitMs, Receiver receiver) {
        Arrival waiting = arrivals.poll();
        if (waiting != null) {
            receiver.onArrival(waiting);
        } else if (ended != null) {
            receiver.onNothing(ended);
        } else {
            receivers.add(new Wait(receiver, loop.schedule(() -> onDeadline(receiver), waitMs, TimeUnit.MILLISECONDS)));
        }
    }

    private void onDeadline(Receiver receiver) {
        if (receivers.removeIf(wait -> wait.receiver == receiver)) {
            receiver.onNothing(null);
        }
    }

    /** Nothing more comes; what is there may still be received. */
    void end(String problem) {
        ended = problem;
        for (Wait wait = receivers.poll(); wait != null; wait = receivers.poll()) {
            wait.deadline.cancel(false);
            wait.receiver.onNothing(problem);
        }
    }
}
