package dev.recado.app;

import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado broker}: runs until SIGTERM or SIGINT, a second of which stops it at once. */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = "Run a broker. It prints `recado ready in <ms> ms` and its addresses once it accepts work.")
final class BrokerCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "Classic file of messages (MSG_ID:TIMESTAMP:SIZE:CONTENT): read at the start, written at the stop;"
                            + " what the broker did not write is kept as FILE~. A file that is not classic is refused.")
    @Nullable
    Path classicFile;

    @Mixin
    SettingOptions settings = new SettingOptions();

    @Option(
            names = "--ports-file",
            paramLabel = "FILE",
            description = "Write the bound ports there as JSON once ready, by rename.")
    @Nullable
    Path portsFile;

    @Option(names = "--free-ports", description = "Let every listener pick a free port.")
    boolean freePorts;

    @Override
    public Integer call() throws ConfigException {
        ConfigLoader loader = settings.loader().rule(OpenListeners::refusals);
        if (freePorts) {
            loader.freePorts();
        }
        return Recado.runBroker(new Launch(loader.load(), portsFile, classicFile));
    }
}
