package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Settings of a topic that is created without any, under the names of {@code TOPIC:CREATE}.
 *
 * @param kind {@code log} or {@code queue}
 * @param durability {@code fsync}, {@code os} or {@code memory}
 * @param limitMessages unfinished messages; 0 is no limit
 * @param limitBytes unfinished bytes; 0 is no limit
 * @param limitMessageBytes largest message; 0 is {@link MessageConfig#bytesMax}
 * @param overflow {@code block}, {@code reject} or {@code drop-oldest}
 * @param ttlMs age at which a message is no longer delivered; 0 is never
 * @param deadLetterTtlMs the same of a topic that the broker makes for dead letters
 */
public record TopicDefaults(
        String kind,
        String durability,
        int partitions,
        long retentionTimeMs,
        long retentionBytes,
        boolean retentionForce,
        long limitMessages,
        long limitBytes,
        int limitMessageBytes,
        String overflow,
        long ttlMs,
        long deadLetterTtlMs) {

    static TopicDefaults of(SettingValues values) {
        return new TopicDefaults(
                values.text("topics.default.kind"),
                values.text("topics.default.durability"),
                values.integer("topics.default.partitions"),
                values.number("topics.default.retention.time"),
                values.number("topics.default.retention.bytes"),
                values.flag("topics.default.retention.force"),
                values.number("topics.default.limit.messages"),
                values.number("topics.default.limit.bytes"),
                values.integer("topics.default.limit.message-bytes"),
                values.text("topics.default.overflow"),
                values.number("topics.default.ttl"),
                values.number("topics.dead-letters.ttl"));
    }
}
