package dev.recado.shard;

/** The event loop on which a shard, or who published to it, is at home. */
public interface ShardLoop extends ColdPace.Home {

    int index();

    /** Runs {@code task} now where this is the current loop, else as {@link #execute}. */
    void dispatch(Runnable task);

    /** {@code owner} has work at the end of this turn. */
    void markOwner(TurnTask owner);

    LoopMemory memory();

    /** When its groups hand out what was read of segments. */
    ColdPace coldPace();

    ShardCounters counters();
}
