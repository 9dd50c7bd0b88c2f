package dev.recado.client;

import dev.recado.base.BackOff;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/** Publishes that the broker refused for now, and when they are sent again. Guarded by the session's lock. */
final class Deferrals {

    private final ArrayDeque<InFlight> waiting = new ArrayDeque<>();
    private final BackOff backOff;
    private long dueMs;

    Deferrals(BackOff backOff) {
        this.backOff = backOff;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** Puts publishes off, behind those that wait already; answers whether these are the first. */
    boolean add(List<InFlight> refused) {
        boolean first = waiting.isEmpty();
        if (first) {
            dueMs = Answers.nowMs() + backOff.nextDelayMs();
        }
        waiting.addAll(refused);
        return first;
    }

    /** Something was confirmed: the next refusal waits shortly again. */
    void onProgress() {
        if (waiting.isEmpty()) {
            backOff.reset();
        }
    }

    boolean isDue(long nowMs) {
        return !waiting.isEmpty() && nowMs >= dueMs;
    }

    /** What made the broker refuse them is over: they are due now; answers whether there are any. */
    boolean hurry() {
        backOff.reset();
        dueMs = Math.min(dueMs, Answers.nowMs());
        return !waiting.isEmpty();
    }

    /** Takes all away, in their order. */
    void drainTo(Consumer<InFlight> taker) {
        for (InFlight publish = waiting.poll(); publish != null; publish = waiting.poll()) {
            taker.accept(publish);
        }
    }

    /** Milliseconds until the next are due, 1 to {@code maxMs}. */
    long waitMs(long maxMs) {
        return waiting.isEmpty() ? maxMs : Math.max(1, Math.min(maxMs, dueMs - Answers.nowMs()));
    }
}
