package dev.recado.app;

import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code recado format}: makes a data directory with settings of its own; a broker formats an empty one by itself. */
@Command(
        name = "format",
        mixinStandardHelpOptions = true,
        description =
                "Make an empty directory into a data directory. A broker does so by itself with its own settings.")
final class FormatCommand implements Callable<Integer> {

    @Mixin
    SettingOptions settings = new SettingOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws ConfigException, IOException {
        ConfigLoader loader = settings.loader();
        Config config = loader.load();
        Path path = config.node().dataDir();
        try (DataDirectory directory = DataDirectory.open(path)) {
            Optional<Path> present = firstEntry(directory.path());
            if (present.isPresent()) {
                throw new IOException("data directory " + path + " is not empty: found=" + present.get()
                        + "; format never deletes, so remove it yourself or name another with --data");
            }
            Wiring.stoppedData().format(path, config.node().id(), config.node().shards());
        }
        console.out()
                .println("formatted " + path + ": node=" + config.node().id() + " shards="
                        + config.node().shards());
        return ExitCode.DONE;
    }

    private static Optional<Path> firstEntry(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(Path::getFileName)
                    .filter(name -> !name.toString().equals(DataDirectory.LOCK_FILE))
                    .findFirst();
        }
    }
}
