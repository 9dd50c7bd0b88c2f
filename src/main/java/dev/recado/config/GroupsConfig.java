package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * Groups, and what one is that nobody configured.
 *
 * @param maxMembers members of an automatic group before the next one is made
 * @param expireAfterMs disuse that ends a group
 * @param heldBytes memory in which groups keep track of messages; 0 for a part of the heap
 * @param strategy {@code round-robin}, {@code least-in-flight}, {@code key-ordered} or {@code single-active}
 * @param leaseMs how long a member may hold a message
 * @param maxDeliveries deliveries after which a message is a dead letter
 * @param backOffMs wait before the first redelivery; doubles with each
 * @param backOffMaxMs longest wait before a redelivery
 */
public record GroupsConfig(
        int maxMembers,
        long expireAfterMs,
        long heldBytes,
        String strategy,
        long leaseMs,
        int maxDeliveries,
        long backOffMs,
        long backOffMaxMs) {

    static GroupsConfig of(SettingValues values) {
        return new GroupsConfig(
                values.integer("groups.max-members"),
                values.number("groups.expire-after"),
                values.number("groups.held-bytes"),
                values.text("groups.default.strategy"),
                values.number("groups.default.lease-ms"),
                values.integer("groups.default.max-deliveries"),
                values.number("groups.default.back-off-ms"),
                values.number("groups.default.back-off-max-ms"));
    }
}
