package dev.recado.config;

import dev.recado.base.SettingValues;
import java.util.Map;

/** The whole configuration: one validated, immutable record per room. */
public record Config(
        NodeConfig node,
        TextConfig text,
        ZmtpConfig zmtp,
        SessionsConfig sessions,
        MessageConfig message,
        PublishConfig publish,
        ProducersConfig producers,
        TopicsConfig topics,
        GroupsConfig groups,
        JournalConfig journal,
        DiskConfig disk,
        MemoryConfig memory,
        LogConfig log) {

    /** Every setting at its default. */
    public static Config defaults() {
        return of(SettingValues.of(SettingTable.settings(), Map.of()));
    }

    static Config of(SettingValues values) {
        return new Config(
                NodeConfig.of(values),
                TextConfig.of(values),
                ZmtpConfig.of(values),
                SessionsConfig.of(values),
                MessageConfig.of(values),
                PublishConfig.of(values),
                ProducersConfig.of(values),
                TopicsConfig.of(values),
                GroupsConfig.of(values),
                JournalConfig.of(values),
                DiskConfig.of(values),
                MemoryConfig.of(values),
                LogConfig.of(values));
    }
}
