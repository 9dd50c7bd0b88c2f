package dev.recado.config;

import dev.recado.base.SettingValues;
import java.nio.file.Path;

/**
 * This node.
 *
 * @param eventLoops event loops; 0 is one per core
 */
public record NodeConfig(String id, Path dataDir, int eventLoops) {

    static NodeConfig of(SettingValues values) {
        return new NodeConfig(
                values.text("node.id"), Path.of(values.text("node.data")), values.integer("node.event-loops"));
    }
}
