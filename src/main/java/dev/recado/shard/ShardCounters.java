package dev.recado.shard;

/** Where shards of one loop count what figures tell besides what groups and partitions know. */
public interface ShardCounters {

    /** Messages were given up for {@code overflow=drop-oldest}, counted for each group. */
    void dropped(long messages);

    /** Messages lived for longer than they may, counted for each group. */
    void expired(long messages);

    void deadLettered();

    /** A message of so many stored bytes was handed to a member. */
    void delivered(int bytes);

    /** Acknowledgements came from somebody who is not there. */
    void acksIgnored(long acknowledgements);
}
