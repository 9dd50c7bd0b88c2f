package dev.recado.core.group;

import java.util.Arrays;

/** When each member of a group was heard of last, and who is silent: see {@link Members}. One owner. */
final class SignsOfLife {

    private static final boolean[] NO_FLAGS = {};
    private static final long[] NO_LONGS = {};

    private boolean[] silent = NO_FLAGS;
    /** Orders the members by when they were last heard of. */
    private long[] heardAt = NO_LONGS;

    private long last;

    /** Makes room for members below {@code capacity}. */
    void ensure(int capacity) {
        silent = Arrays.copyOf(silent, capacity);
        heardAt = Arrays.copyOf(heardAt, capacity);
    }

    void join(int member) {
        silent[member] = false;
        heardAt[member] = ++last;
    }

    boolean isSilent(int member) {
        return silent[member];
    }

    /** Answers whether that is new. */
    boolean silence(int member) {
        boolean before = silent[member];
        silent[member] = true;
        return !before;
    }

    /** Answers whether the member was silent. */
    boolean hear(int member) {
        heardAt[member] = ++last;
        boolean before = silent[member];
        silent[member] = false;
        return before;
    }

    boolean isLater(int member, int other) {
        return heardAt[member] > heardAt[other];
    }
}
