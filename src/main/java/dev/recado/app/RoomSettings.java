package dev.recado.app;

import dev.recado.broker.BrokerSettings;
import dev.recado.config.Config;
import dev.recado.config.GroupsConfig;
import dev.recado.config.TopicDefaults;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;
import dev.recado.transport.ListenerSettings;
import dev.recado.transport.SessionSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Translates the configuration into the settings of the rooms, which do not know it. */
final class RoomSettings {

    private static final long MIB = 1024 * 1024;
    private static final long TAIL_CACHE_BYTES_MAX = 128 * MIB;
    private static final long TAP_BYTES_MAX = 8 * MIB;
    private static final long TAP_BLOCK_MS = 1_000;
    private static final long PROGRESS_EVERY_MS = 250;
    private static final long RETENTION_EVERY_MS = 5_000;
    /** Share of the heap for publishes on their way to the disk. */
    private static final int MAILBOX_PERCENT = 6;

    private static final long HANDSHAKE_MS = 10_000;

    private final Config config;

    RoomSettings(Config config) {
        this.config = config;
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
                config.message().bytesMax(),
                config.sessions().unconfirmedBytes(),
                Math.max(4 * MIB, heap / 100 * MAILBOX_PERCENT),
                config.publish().parkedBytes(),
                config.publish().blockTimeoutMs(),
                config.groups().maxMembers(),
                config.groups().expireAfterMs(),
                PROGRESS_EVERY_MS,
                MIB,
                TAP_BYTES_MAX,
                TAP_BLOCK_MS,
                TAP_BYTES_MAX,
                tailCache,
                memoryTopics,
                config.disk().freeMinBytes(),
                config.memory().heapMarkPercent(),
                config.producers().expireAfterMs(),
                RETENTION_EVERY_MS,
                topicDefaults(),
                groupDefaults());
    }

    TopicSettings topicDefaults() {
        TopicDefaults defaults = config.topics().defaults();
        int messageBytes = defaults.limitMessageBytes();
        return new TopicSettings(
                known(TopicKind.of(defaults.kind())),
                known(Durability.of(defaults.durability())),
                defaults.partitions(),
                defaults.retentionTimeMs(),
                defaults.retentionBytes(),
                defaults.retentionForce(),
                defaults.limitMessages(),
                defaults.limitBytes(),
                messageBytes > 0 ? messageBytes : config.message().bytesMax(),
                known(Overflow.of(defaults.overflow())),
                defaults.ttlMs() > 0 ? defaults.ttlMs() : -1,
                TopicSettings.PRIORITIES_SERVED);
    }

    private GroupSettings groupDefaults() {
        GroupsConfig groups = config.groups();
        GroupSettings base = GroupSettings.DEFAULT;
        return new GroupSettings(
                known(Strategy.of(groups.strategy())),
                groups.leaseMs(),
                groups.maxDeliveries(),
                groups.backOffMs(),
                groups.backOffMaxMs(),
                base.nackCounts(),
                base.maxMembers(),
                base.deadLetter());
    }

    /** The configuration's table has checked the word already. */
    private static <T> T known(@Nullable T constant) {
        return Objects.requireNonNull(constant, "a setting's word is in the table and unknown to its room");
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

    ListenerSettings textListener() {
        return new ListenerSettings(
                config.text().host(), config.text().port(), config.text().acceptBacklog(), eventLoops());
    }

    SessionSettings sessions() {
        return new SessionSettings(
                config.text().lineBytesMax(),
                config.message().bytesMax(),
                config.sessions().idleTimeoutMs(),
                HANDSHAKE_MS,
                config.topics().autoCreate(),
                topicDefaults());
    }
}
