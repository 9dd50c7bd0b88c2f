package dev.recado.app;

import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options by which commands are given settings; picocli fills the fields. */
final class SettingOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in YAML; the environment and --set override them.")
    @Nullable
    Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory; ./data where nothing is said.")
    @Nullable
    String data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, as in message.bytes-max=1MiB; may be repeated. `recado config` lists them.")
    List<String> assignments = new ArrayList<>();

    Map<String, String> environment = System.getenv();

    /** File, environment and options, in that order. */
    ConfigLoader loader() {
        ConfigLoader loader =
                new ConfigLoader().file(config).environment(environment).assignments(assignments);
        return data == null ? loader : loader.set("node.data", data);
    }

    /** The data directory, which the commands on a stopped one find as the broker does. */
    Path dataDirectory() throws ConfigException {
        return loader().load().node().dataDir();
    }
}
