package dev.recado.shard;

/** The event loop on which a shard, or who published to it, is at home. */
public interface ShardLoop {

    int index();

    /** Runs {@code task} on this loop, in the order of calls from one thread. Any thread. */
    void execute(Runnable task);

    /** Runs {@code task} now where this is the current loop, else as {@link #execute}. */
    void dispatch(Runnable task);

    /** Runs {@code task} on this loop once, in so many milliseconds, unless the broker has ended by then. */
    void after(long ms, Runnable task);

    /** {@code owner} has work at the end of this turn. */
    void markOwner(TurnTask owner);

    LoopMemory memory();

    ShardCounters counters();
}
