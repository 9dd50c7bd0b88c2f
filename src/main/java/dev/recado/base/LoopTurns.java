package dev.recado.base;

/** The turns of an event loop, which also serves sockets. */
public interface LoopTurns extends Turns {

    /** Whether the caller is a task of this loop. */
    boolean isCurrent();

    /**
     * As {@link #execute}, but not before the loop has served what its sockets have by now. Called on the loop.
     */
    default void executeBehindSockets(Runnable task) {
        execute(task);
    }

    /**
     * Runs {@code task} every {@code ms} milliseconds, the first time that long from now, until it is cancelled. What
     * was missed while the loop stood still is not made up.
     */
    Timer every(long ms, Runnable task);

    /** What {@link #every} began. */
    interface Timer {
        /** No run begins from now on. Any thread. */
        void cancel();
    }
}
