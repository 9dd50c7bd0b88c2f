package dev.recado.bench;

import java.util.ArrayList;
import java.util.List;

/** The stretches of a run in order, at most {@link #INTERVALS_MAX}: beyond that each two become one. One owner. */
final class IntervalLog {

    static final int INTERVALS_MAX = 2_000;

    private final List<Interval> intervals = new ArrayList<>();
    private int joined = 1;
    private int pending;

    void add(Interval interval) {
        int last = intervals.size() - 1;
        if (pending > 0) {
            intervals.set(last, intervals.get(last).and(interval));
        } else {
            intervals.add(interval);
        }
        pending = (pending + 1) % joined;
        if (intervals.size() == INTERVALS_MAX && pending == 0) {
            for (int i = 0; i < INTERVALS_MAX / 2; i++) {
                intervals.set(i, intervals.get(2 * i).and(intervals.get(2 * i + 1)));
            }
            intervals.subList(INTERVALS_MAX / 2, INTERVALS_MAX).clear();
            joined *= 2;
        }
    }

    List<Interval> intervals() {
        return List.copyOf(intervals);
    }
}
