package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * The disk under the data directory.
 *
 * @param freeMinBytes free space below which publishes are refused
 * @param retentionEveryMs how often is looked for messages, groups and producers that may go
 */
public record DiskConfig(long freeMinBytes, long retentionEveryMs) {

    static DiskConfig of(SettingValues values) {
        return new DiskConfig(values.number("disk.free-min"), values.number("disk.retention-every"));
    }
}
