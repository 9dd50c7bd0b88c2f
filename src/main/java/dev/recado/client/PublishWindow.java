package dev.recado.client;

import dev.recado.base.Check;
import org.jspecify.annotations.Nullable;

/**
 * The publishes that are sent, or will be after a reconnect, and have no answer yet: a contiguous range of producer
 * numbers, oldest first. The broker answers in the order of the commands, so that answers only ever take from the
 * front.
 *
 * <p>Pure; guarded by its session's lock. At most {@link ClientOptions#IN_FLIGHT_MAX} entries.
 */
final class PublishWindow {

    private static final int MASK = ClientOptions.IN_FLIGHT_MAX - 1;

    private final @Nullable InFlight[] ring = new InFlight[ClientOptions.IN_FLIGHT_MAX];
    private long first;
    private long next;
    private long bytes;

    /** Numbers begin at {@code sequence}; only while nothing is in flight. */
    void startAt(long sequence) {
        Check.that(first == next, "numbers moved with publishes in flight", first, next);
        first = sequence;
        next = sequence;
    }

    /** Number of the oldest unanswered publish, or the next number where there is none. */
    long first() {
        return first;
    }

    /** Number that the next publish gets. */
    long next() {
        return next;
    }

    int size() {
        return (int) (next - first);
    }

    /** Bytes of all commands in it. */
    long bytes() {
        return bytes;
    }

    /** Takes the next number for {@code publish}. */
    void add(InFlight publish) {
        Check.that(size() < ClientOptions.IN_FLIGHT_MAX, "window overrun", size());
        ring[(int) next & MASK] = publish;
        next++;
        bytes += publish.command.size();
    }

    /** The publish of that number, which is in the window. */
    InFlight get(long sequence) {
        Check.that(sequence >= first && sequence < next, "not in the window", sequence, first);
        InFlight publish = ring[(int) sequence & MASK];
        if (publish == null) {
            throw new AssertionError("hole in the window sequence=" + sequence);
        }
        return publish;
    }

    /** Takes the oldest away. */
    InFlight removeFirst() {
        InFlight publish = get(first);
        ring[(int) first & MASK] = null;
        first++;
        bytes -= publish.command.size();
        return publish;
    }
}
