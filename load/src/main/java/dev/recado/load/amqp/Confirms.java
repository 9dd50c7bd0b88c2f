package dev.recado.load.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a channel has published and not heard of yet, by sequence number. Each publish ends exactly once: confirmed,
 * refused, when its time is over, or with the channel.
 *
 * <p>Safe for all threads; those who wait are told outside the lock.
 */
final class Confirms {

    /** Publishes that may wait; what comes beyond that is refused here. */
    static final int UNCONFIRMED_MAX = 65_536;

    private final NavigableMap<Long, Waiting> unconfirmed = new TreeMap<>();
    private @Nullable String ended;

    private record Waiting(long deadlineMs, Consumer<@Nullable String> asker) {}

    /**
     * Notes a publish, before it is sent; deadlines never decrease from one to the next.
     *
     * @param asker told once, with the problem or null
     * @return whether it may be sent; where not its asker has been told
     */
    boolean add(long number, long deadlineMs, Consumer<@Nullable String> asker) {
        String problem;
        synchronized (this) {
            problem = ended;
            if (problem == null && unconfirmed.size() >= UNCONFIRMED_MAX) {
                problem = "too many publishes unconfirmed: limit=" + UNCONFIRMED_MAX;
            }
            if (problem == null) {
                unconfirmed.put(number, new Waiting(deadlineMs, asker));
                return true;
            }
        }
        asker.accept(problem);
        return false;
    }

    /** The broker confirmed this publish, or all up to it. One that is not waited for is passed over. */
    void onConfirmed(long number, boolean multiple) {
        take(number, multiple).forEach(waiting -> waiting.asker.accept(null));
    }

    /** The broker refused this publish, or all up to it. */
    void onRefused(long number, boolean multiple) {
        take(number, multiple).forEach(waiting -> waiting.asker.accept("refused by the broker"));
    }

    /** Ends what has waited until its deadline. */
    void onTick(long nowMs, long timeoutMs) {
        List<Waiting> due = new ArrayList<>();
        synchronized (this) {
            while (!unconfirmed.isEmpty() && unconfirmed.firstEntry().getValue().deadlineMs <= nowMs) {
                due.add(unconfirmed.pollFirstEntry().getValue());
            }
        }
        due.forEach(waiting -> waiting.asker.accept("no confirmation within " + timeoutMs + " ms"));
    }

    /** Nothing more is confirmed. */
    void end(String problem) {
        List<Waiting> left;
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = problem;
            left = new ArrayList<>(unconfirmed.values());
            unconfirmed.clear();
        }
        left.forEach(waiting -> waiting.asker.accept(problem));
    }

    private synchronized List<Waiting> take(long number, boolean multiple) {
        NavigableMap<Long, Waiting> told =
                multiple ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
        List<Waiting> taken = new ArrayList<>(told.values());
        told.clear();
        return taken;
    }
}
