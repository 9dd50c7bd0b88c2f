package dev.recado.shard;

/** Where runs go; a shard's port, to those who know runs and no commands. */
public interface RunTarget {

    /** The loop that owns it. */
    ShardLoop loop();

    /** Takes a sealed run; called on {@link #loop}. */
    void accept(PendingRun run);
}
