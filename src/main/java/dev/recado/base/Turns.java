package dev.recado.base;

/**
 * Port to where work runs: tasks one after another, each to its end, in the order in which one thread gave them. A
 * thread in production; in simulations a line of tasks that chance picks from.
 */
public interface Turns {

    /** Runs {@code task} behind what was given before. Any thread. What has ended drops it. */
    void execute(Runnable task);

    /** Runs {@code task} once, in {@code ms} milliseconds, unless it has ended by then. */
    void after(long ms, Runnable task);
}
