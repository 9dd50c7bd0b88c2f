package dev.recado.apps.weather;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLinks;
import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import dev.recado.cli.option.CountConverter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado example weather publish}. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = "Publishes made-up weather of regions, one update of each region a round. "
                + "A message has two frames of text: the region's code, then <temperature in °C> <relative "
                + "humidity in %%>, "
                + "for example [10115][21.4 63]. The weather changes little from one update to the next. The "
                + "same code and "
                + "seed give the same weather. What nobody is subscribed to is dropped: start the watchers first.")
final class WeatherPublishCommand implements Callable<Integer> {

    private static final int REGIONS_MAX = 10_000;
    private static final long INTERVAL_MS_MAX = 86_400_000;
    private static final String CODE = "[A-Za-z0-9._-]{1,32}";

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Option(
            names = "--broker",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5557",
            converter = EndpointConverter.class,
            description = "Where publishers connect (default: ${DEFAULT-VALUE}).")
    String broker = "";

    @Option(
            names = "--regions",
            paramLabel = "CODE",
            split = ",",
            defaultValue = "10115,10117,20095,50667,80331",
            description = "Codes of regions, with commas between them (default: ${DEFAULT-VALUE}).")
    List<String> regions = List.of();

    @Option(
            names = "--interval-ms",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "From one round to the next (default: ${DEFAULT-VALUE}).")
    long intervalMs;

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Stop after N rounds, 1 or more (default: never).")
    long count;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What chance begins with (default: ${DEFAULT-VALUE}).")
    long seed;

    WeatherPublishCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(intervalMs);
        options.check(intervalMs <= INTERVAL_MS_MAX, "--interval-ms takes at most " + INTERVAL_MS_MAX);
        options.checkEndpoint("--broker", broker);
        options.check(regions.size() <= REGIONS_MAX, "--regions takes at most " + REGIONS_MAX + " codes");
        for (String code : regions) {
            options.check(code.matches(CODE), "a region's code is 1 to 32 letters, digits, dots, _ or -: " + code);
        }
        Stop stop = Stop.of(onStop);
        try (ZmqLinks links = options.links(stop)) {
            long updates = new WeatherPublisher(regions, seed, intervalMs, count).run(links, broker, stop);
            options.err().println("published " + Plural.of(updates, "update"));
        }
        return ExitCode.DONE;
    }
}
