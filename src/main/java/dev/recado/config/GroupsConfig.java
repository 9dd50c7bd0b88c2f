package dev.recado.config;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.core.group.GroupSettings;
import java.util.List;

/**
 * Groups, and what one is that nobody configured.
 *
 * @param maxMembers members of an automatic group before the next one is made
 * @param expireAfterMs disuse that ends a group
 * @param heldBytes memory in which groups keep track of messages; 0 for a part of the heap
 * @param defaults the settings of a group that is made without any
 */
public record GroupsConfig(int maxMembers, long expireAfterMs, long heldBytes, GroupSettings defaults) {

    private static final String PREFIX = "groups.default.";
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 24 * 60 * MINUTE_MS;

    static void addSettings(List<Setting> rows) {
        rows.add(Setting.integer(
                "groups.max-members", 10, 1, 65_535, "Members of an automatic group before the next one is made"));
        rows.add(Setting.duration(
                "groups.expire-after", 7 * DAY_MS, MINUTE_MS, 36_500 * DAY_MS, "Disuse after which a group ends"));
        rows.add(Setting.bytes(
                "groups.held-bytes",
                0,
                0,
                1L << 50,
                "Memory in which groups keep track of messages in hand or put off; 0 is 12 % of the heap"));
        rows.addAll(DefaultRows.of(PREFIX, GroupSettings.KEYS));
    }

    static GroupsConfig of(SettingValues values) {
        return new GroupsConfig(
                values.integer("groups.max-members"),
                values.number("groups.expire-after"),
                values.number("groups.held-bytes"),
                GroupSettings.of(DefaultRows.read(values, PREFIX, GroupSettings.DEFAULT.values())));
    }
}
