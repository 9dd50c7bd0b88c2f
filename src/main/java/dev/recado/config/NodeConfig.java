package dev.recado.config;

import dev.recado.base.SettingValues;
import java.nio.file.Path;
import java.util.List;

/**
 * This node.
 *
 * @param eventLoops event loops; 0 is one per core
 * @param io what they wait for their sockets with: one of {@link #IO}
 */
public record NodeConfig(String id, Path dataDir, int eventLoops, String io) {

    /** What {@code node.io} may be: {@code auto} first, which is the first of the others that this machine has. */
    public static final List<String> IO = List.of("auto", "io_uring", "epoll", "nio");

    static NodeConfig of(SettingValues values) {
        return new NodeConfig(
                values.text("node.id"),
                Path.of(values.text("node.data")),
                values.integer("node.event-loops"),
                values.text("node.io"));
    }
}
