package dev.recado.app;

import dev.recado.broker.session.BrokerSettings;
import dev.recado.config.Config;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;
import dev.recado.transport.SessionSettings;

/** Translates the configuration into the settings of the rooms, which do not know it. */
final class RoomSettings {

    private static final long MIB = 1024 * 1024;
    private static final long TAIL_CACHE_BYTES_MAX = 128 * MIB;
    private static final long TAP_BYTES_MAX = 8 * MIB;
    private static final long TAP_BLOCK_MS = 1_000;
    private static final long PROGRESS_EVERY_MS = 250;
    /** Share of the heap for publishes on their way to the disk. */
    private static final int MAILBOX_PERCENT = 6;
    /** Share of the heap for publishes that wait for room in full topics. */
    private static final int PARKED_PERCENT = 6;

    /** Share of the heap in which groups keep track of messages, where no other is set. */
    private static final int GROUPS_PERCENT = 12;

    /** Output that clients have yet to take: half of the memory off the heap that a broker allows itself. */
    private static final long OUTPUT_BYTES_MAX = 32 * MIB;

    private static final long HANDSHAKE_MS = 10_000;

    private final Config config;

    RoomSettings(Config config) {
        this.config = config;
    }

    /** What the sockets of one loop may have been given and not taken. */
    long outputBytesMaxOfLoop() {
        return OUTPUT_BYTES_MAX / eventLoops();
    }

    int eventLoops() {
        int wanted = config.node().eventLoops();
        return wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
    }

    BrokerSettings broker() {
        long heap = Runtime.getRuntime().maxMemory();
        long memoryTopics = heap / 100 * config.memory().tailCachePercent() / 2;
        // A larger cache of what segments hold too would only lengthen the collector's pauses.
        long tailCache = Math.min(memoryTopics, TAIL_CACHE_BYTES_MAX);
        return new BrokerSettings(
                config.node().id(),
                eventLoops(),
                new BrokerSettings.Publishing(
                        config.message().bytesMax(),
                        config.sessions().unconfirmedBytes(),
                        Math.max(4 * MIB, heap / 100 * MAILBOX_PERCENT),
                        config.publish().parkedBytes(),
                        Math.max(4 * MIB, heap / 100 * PARKED_PERCENT),
                        config.publish().blockTimeoutMs()),
                new BrokerSettings.Groups(
                        config.groups().maxMembers(),
                        config.groups().expireAfterMs(),
                        config.groups().heldBytes() > 0 ? config.groups().heldBytes() : heap / 100 * GROUPS_PERCENT,
                        PROGRESS_EVERY_MS,
                        MIB),
                new BrokerSettings.Taps(TAP_BYTES_MAX, TAP_BLOCK_MS, TAP_BYTES_MAX),
                new BrokerSettings.Storage(
                        tailCache,
                        memoryTopics,
                        config.disk().freeMinBytes(),
                        config.memory().heapMarkPercent(),
                        config.producers().expireAfterMs(),
                        config.disk().retentionEveryMs()),
                new BrokerSettings.Defaults(
                        topicDefaults(),
                        config.topics().deadLetters(),
                        config.groups().defaults()));
    }

    TopicSettings topicDefaults() {
        return config.topics().defaults();
    }

    JournalSettings journal() {
        return new JournalSettings(
                config.journal().fileBytes(),
                config.journal().checkpointBytes(),
                config.journal().hardBoundBytes());
    }

    SegmentSettings segments() {
        SegmentSettings base = SegmentSettings.defaults();
        return new SegmentSettings(
                config.journal().segmentBytes(), base.indexEveryBytes(), base.syncEveryBytes(), base.trashDelayMs());
    }

    SessionSettings sessions() {
        return new SessionSettings(
                config.message().bytesMax(),
                HANDSHAKE_MS,
                config.topics().autoCreate(),
                topicDefaults(),
                config.groups().defaults());
    }
}
