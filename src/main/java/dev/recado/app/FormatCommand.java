package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.cli.OutputOptions;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.NioDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code recado format}: makes a data directory; a broker formats an empty one by itself. */
@Command(
        name = "format",
        mixinStandardHelpOptions = true,
        description = "Make an empty directory into a data directory. A broker does so by itself.")
final class FormatCommand implements Callable<Integer> {

    @Mixin
    SettingOptions settings = new SettingOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws ConfigException, UsageException, IOException {
        Config config = settings.loader().load();
        Path path = config.node().dataDir();
        String unfit = FileFailure.unfit(path);
        if (unfit != null) {
            throw new UsageException(unfit);
        }
        refuseUnlessEmpty(path);
        try (DataDirectory directory =
                DataDirectory.open(new NioDisk(path), config.node().id(), null, UUID::randomUUID)) {
            DataDirectory.Identity identity = directory.identity();
            output.done(
                    console.out(),
                    "formatted " + path + ": node=" + identity.nodeId() + " shards=" + identity.shards(),
                    field -> {
                        field.accept("formatted", path.toString());
                        field.accept("node", identity.nodeId());
                        field.accept("shards", identity.shards());
                    });
        }
        return ExitCode.DONE;
    }

    private static void refuseUnlessEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            Optional<Path> present = entries.findFirst();
            if (present.isPresent()) {
                throw new IOException("data directory " + directory + " is not empty: found="
                        + present.get().getFileName()
                        + "; format never deletes, so remove it yourself or name another with --data");
            }
        }
    }
}
