package dev.recado.apps.weather;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLinks;
import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import dev.recado.cli.option.CountConverter;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado example weather watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Prints the weather updates of regions and, at the end, the means of each region. "
                + "Ends after --count updates, after --idle-exit, or with Ctrl-C.")
final class WeatherWatchCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Parameters(
            paramLabel = "CODE",
            arity = "1..*",
            description = "With what the codes of the wanted regions begin: 10 takes 10115 and 10117, '' takes all.")
    List<String> codes = List.of();

    @Option(
            names = "--broker",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5558",
            converter = EndpointConverter.class,
            description = "Where subscribers connect (default: ${DEFAULT-VALUE}).")
    String broker = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Stop after N updates, 1 or more (default: never).")
    long count;

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "0",
            description = "Stop when no update came for so long.")
    long idleExitMs;

    WeatherWatchCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(idleExitMs);
        options.checkEndpoint("--broker", broker);
        Stop stop = Stop.of(onStop);
        WeatherWatcher watcher = new WeatherWatcher(codes, count, idleExitMs, options.out()::println);
        try (ZmqLinks links = options.links(stop)) {
            watcher.run(links, broker, stop);
        }
        watcher.means().lines().forEach(options.out()::println);
        if (watcher.strange() > 0) {
            options.err()
                    .println("passed over " + Plural.of(watcher.strange(), "message") + " other than weather updates");
        }
        return ExitCode.DONE;
    }
}
