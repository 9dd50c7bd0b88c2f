package dev.recado.shard;

/** Where a shard is told what is said to it, in the order in which each loop says it: the one way to it. Any loop. */
public interface ShardPort extends RunTarget {

    /** Has {@code command} done; now, where this is the shard's loop and it does not wait for its turn. */
    void tell(ShardCommand command);
}
