package dev.recado.broker.session;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.ShardSettings;

/**
 * What the broker room may be told; times in milliseconds, sizes in bytes.
 *
 * @param nodeId name of this node
 * @param eventLoops event loops, at least 1
 * @param messageBytesMax largest message (key, headers and payload)
 * @param unconfirmedBytesMax publishes of one session that may be unanswered before its socket is paused
 * @param mailboxBytesMax the same for all sessions together
 * @param parkedBytesMax publishes of one session that may wait for room in one full partition
 * @param parkedBytesAllMax the same for all sessions, partitions and topics together
 * @param blockTimeoutMs how long such a publish may wait
 * @param groupMembersMax members of an automatic group
 * @param groupExpireAfterMs groups without members for that long end
 * @param groupHeldBytesMax memory in which all groups keep track of what they have in hand or finished out of order
 * @param progressEveryMs how long a group's progress may wait for the journal
 * @param handedBytesMax bytes handed to one consumer of one partition and not yet written to its socket
 * @param tapBytesMax how far a tap may fall behind
 * @param tapBlockMs how long such a tap may hold up its topic
 * @param patternBytesMax what the queue of a pattern subscription may hold
 * @param tailCacheBytes committed messages kept in memory for readers
 * @param memoryTopicBytes what all memory topics together may hold
 * @param diskFreeMin below that publishes to durable topics are refused
 * @param heapMarkPercent part of the heap in use after a collection above which publishes are refused
 * @param producerExpireAfterMs producers silent for that long are forgotten
 * @param retentionEveryMs how often retention looks at the segments
 * @param topicDefaults settings of a topic made without any
 * @param deadLetterTopic settings of a topic that is made for dead letters
 * @param groupDefaults settings of a group made without any
 */
public record BrokerSettings(
        String nodeId,
        int eventLoops,
        int messageBytesMax,
        long unconfirmedBytesMax,
        long mailboxBytesMax,
        long parkedBytesMax,
        long parkedBytesAllMax,
        long blockTimeoutMs,
        int groupMembersMax,
        long groupExpireAfterMs,
        long groupHeldBytesMax,
        long progressEveryMs,
        long handedBytesMax,
        long tapBytesMax,
        long tapBlockMs,
        long patternBytesMax,
        long tailCacheBytes,
        long memoryTopicBytes,
        long diskFreeMin,
        int heapMarkPercent,
        long producerExpireAfterMs,
        long retentionEveryMs,
        TopicSettings topicDefaults,
        TopicSettings deadLetterTopic,
        GroupSettings groupDefaults)
        implements ShardSettings {

    private static final long FLUSHER_BEHIND_BYTES_MAX = 64L * 1024 * 1024;

    /** What may be on its way to the pattern subscriptions of one loop. */
    public long patternMailBytesMax() {
        return patternBytesMax / 2;
    }

    @Override
    public long flusherBehindBytesMax() {
        return Math.min(FLUSHER_BEHIND_BYTES_MAX, tailCacheBytes);
    }
}
