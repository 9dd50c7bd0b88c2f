package dev.recado.config;

import dev.recado.base.SettingValues;
import java.util.Map;

/** The whole configuration: one validated, immutable record per room. */
public record Config(
        NodeConfig node,
        TransportsConfig transports,
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
        SettingTable table = SettingTable.ofProgram();
        return of(table, SettingValues.of(table.settings(), Map.of()));
    }

    /** Who may come at all. */
    public SecurityConfig security() {
        return SecurityConfig.of(transports.values());
    }

    static Config of(SettingTable table, SettingValues values) {
        return new Config(
                NodeConfig.of(values),
                new TransportsConfig(table.transports(), values),
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
