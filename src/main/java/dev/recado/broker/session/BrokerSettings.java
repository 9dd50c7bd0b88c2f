package dev.recado.broker.session;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.ShardSettings;

/**
 * What the broker room may be told; times in milliseconds, sizes in bytes.
 *
 * @param nodeId name of this node
 * @param eventLoops event loops, at least 1
 */
public record BrokerSettings(
        String nodeId,
        int eventLoops,
        Publishing publishing,
        Groups groups,
        Taps taps,
        Storage storage,
        Defaults defaults)
        implements ShardSettings {

    private static final long FLUSHER_BEHIND_BYTES_MAX = 64L * 1024 * 1024;

    /**
     * What publishers may have under way.
     *
     * @param messageBytesMax largest message (key, headers and payload)
     * @param unconfirmedBytesMax publishes of one session that may be unanswered before its socket is paused
     * @param mailboxBytesMax the same for all sessions together
     * @param parkedBytesMax publishes of one session that may wait for room in one full partition
     * @param parkedBytesAllMax the same for all sessions, partitions and topics together
     * @param blockTimeoutMs how long such a publish may wait
     */
    public record Publishing(
            int messageBytesMax,
            long unconfirmedBytesMax,
            long mailboxBytesMax,
            long parkedBytesMax,
            long parkedBytesAllMax,
            long blockTimeoutMs) {}

    /**
     * What groups may take.
     *
     * @param membersMax members of an automatic group
     * @param expireAfterMs groups without members for that long end
     * @param heldBytesMax memory in which all groups keep track of what they have in hand or finished out of order
     * @param progressEveryMs how long a group's progress may wait for the journal
     * @param handedBytesMax bytes handed to one consumer of one partition and not yet written to its socket
     */
    public record Groups(
            int membersMax, long expireAfterMs, long heldBytesMax, long progressEveryMs, long handedBytesMax) {}

    /**
     * How far those may fall behind who keep nothing on the disk.
     *
     * @param bytesMax how far a tap may fall behind
     * @param blockMs how long such a tap may hold up its topic
     * @param patternBytesMax what the queue of a pattern subscription may hold
     */
    public record Taps(long bytesMax, long blockMs, long patternBytesMax) {}

    /**
     * What is kept, where and for how long.
     *
     * @param tailCacheBytes committed messages kept in memory for readers
     * @param memoryTopicBytes what all memory topics together may hold
     * @param diskFreeMin below that publishes to durable topics are refused
     * @param heapMarkPercent part of the heap in use after a collection above which publishes are refused
     * @param producerExpireAfterMs producers silent for that long are forgotten
     * @param retentionEveryMs how often retention looks at the segments
     */
    public record Storage(
            long tailCacheBytes,
            long memoryTopicBytes,
            long diskFreeMin,
            int heapMarkPercent,
            long producerExpireAfterMs,
            long retentionEveryMs) {}

    /**
     * What is made without being told how.
     *
     * @param topic settings of a topic made without any
     * @param deadLetterTopic settings of a topic that is made for dead letters
     * @param group settings of a group made without any
     */
    public record Defaults(TopicSettings topic, TopicSettings deadLetterTopic, GroupSettings group) {}

    /** What may be on its way to the pattern subscriptions of one loop. */
    public long patternMailBytesMax() {
        return taps.patternBytesMax / 2;
    }

    @Override
    public long flusherBehindBytesMax() {
        return Math.min(FLUSHER_BEHIND_BYTES_MAX, storage.tailCacheBytes);
    }

    @Override
    public long parkedBytesMax() {
        return publishing.parkedBytesMax;
    }

    @Override
    public long blockTimeoutMs() {
        return publishing.blockTimeoutMs;
    }

    @Override
    public int groupMembersMax() {
        return groups.membersMax;
    }

    @Override
    public long progressEveryMs() {
        return groups.progressEveryMs;
    }

    @Override
    public long handedBytesMax() {
        return groups.handedBytesMax;
    }
}
