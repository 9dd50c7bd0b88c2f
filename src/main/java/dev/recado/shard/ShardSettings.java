package dev.recado.shard;

/** What a shard may be told; times in milliseconds, sizes in bytes. */
public interface ShardSettings {

    /** Publishes of one session that may wait for room in one full partition. */
    long parkedBytesMax();

    /** How long such a publish may wait. */
    long blockTimeoutMs();

    /** Members of an automatic group. */
    int groupMembersMax();

    /** How long a group's progress may wait for the journal. */
    long progressEveryMs();

    /** Bytes handed to one consumer of one partition and not yet written to its socket. */
    long handedBytesMax();

    /**
     * How far the flusher may be behind before appends wait for it: in a small heap less, so that what is not in
     * segments yet leaves room for the rest.
     */
    long flusherBehindBytesMax();
}
