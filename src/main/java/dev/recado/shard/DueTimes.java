package dev.recado.shard;

import dev.recado.base.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When the partitions of one shard are to be visited though nobody asks: who has nothing due is not. Owned by the
 * shard's loop.
 *
 * <p>What happens to a partition has it visited on the next tick, which costs a flag; that visit answers when it wants
 * the next one. So nothing that happens has to work out a time, and a time that it brings forward is never missed. The
 * times are a binary heap with one place for each partition, which knows its own.
 */
final class DueTimes {

    /** On the next tick. */
    static final long NEXT_TICK = Long.MIN_VALUE;

    static final long NEVER = Long.MAX_VALUE;

    private static final int NO_PLACE = -1;

    /** Who is visited. */
    abstract static class Visited {
        private boolean soon;
        private int place = NO_PLACE;
        private long dueMs;

        /** Does what is due; answers when something is next, a monotonic time, {@link #NEXT_TICK} or {@link #NEVER}. */
        abstract long visit(long nowMs);
    }

    private List<Visited> soon = new ArrayList<>();
    /** Empty but for the time of a tick. */
    private List<Visited> visiting = new ArrayList<>();

    private Visited[] heap = {};
    private int size;
    private long visits;

    /** {@code one} is visited on the next tick. */
    void soon(Visited one) {
        if (!one.soon) {
            one.soon = true;
            soon.add(one);
        }
    }

    /** {@code one} is gone: no time of it is kept. */
    void forget(Visited one) {
        at(one, NEVER);
    }

    /** Visits whom something happened to since the last call, and for whom it is time. */
    void onTick(long nowMs) {
        while (size > 0 && heap[0].dueMs <= nowMs) {
            Visited first = heap[0];
            at(first, NEVER);
            soon(first);
        }
        List<Visited> now = soon;
        soon = visiting;
        visiting = now;
        for (Visited one : now) {
            one.soon = false;
            visits++;
            at(one, one.visit(nowMs));
        }
        now.clear();
    }

    /** Since the start. */
    long visits() {
        return visits;
    }

    private void at(Visited one, long dueMs) {
        if (dueMs == NEXT_TICK) {
            soon(one);
        }
        if (dueMs == NEXT_TICK || dueMs == NEVER) {
            remove(one);
        } else if (one.place == NO_PLACE) {
            add(one, dueMs);
        } else if (dueMs != one.dueMs) {
            boolean earlier = dueMs < one.dueMs;
            one.dueMs = dueMs;
            if (earlier) {
                siftUp(one.place, one);
            } else {
                siftDown(one.place, one);
            }
        }
    }

    private void add(Visited one, long dueMs) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(16, 2 * size));
        }
        one.dueMs = dueMs;
        siftUp(size++, one);
    }

    private void remove(Visited one) {
        int at = one.place;
        if (at == NO_PLACE) {
            return;
        }
        Check.that(heap[at] == one, "somebody else in its place", at);
        one.place = NO_PLACE;
        Visited last = heap[--size];
        if (at < size) {
            siftUp(at, last);
            siftDown(last.place, last);
        }
        Arrays.fill(heap, size, size + 1, null);
    }

    private void siftUp(int from, Visited one) {
        int at = from;
        while (at > 0 && heap[at - 1 >>> 1].dueMs > one.dueMs) {
            put(heap[at - 1 >>> 1], at);
            at = at - 1 >>> 1;
        }
        put(one, at);
    }

    private void siftDown(int from, Visited one) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && heap[child + 1].dueMs < heap[child].dueMs) {
                child++;
            }
            if (heap[child].dueMs >= one.dueMs) {
                break;
            }
            put(heap[child], at);
            at = child;
        }
        put(one, at);
    }

    private void put(Visited one, int at) {
        heap[at] = one;
        one.place = at;
    }
}
