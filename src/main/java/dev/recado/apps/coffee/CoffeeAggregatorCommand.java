package dev.recado.apps.coffee;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.node.AggregatorNode;
import dev.recado.apps.coffee.query.CoffeeQuery;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado coffee aggregator}. */
@Command(
        name = "aggregator",
        mixinStandardHelpOptions = true,
        description =
                "The aggregator of a query for its share of the sessions. It may be killed at any time and goes on"
                        + " from its state.")
final class CoffeeAggregatorCommand implements Callable<Integer> {

    private static final long KEEP_MS = 3_600_000;

    private final Consumer<Runnable> onStop;

    @Mixin
    CoffeeOptions options = new CoffeeOptions();

    @Mixin
    NodeOptions nodeOptions = new NodeOptions();

    @Parameters(paramLabel = "QUERY", description = "q1, q2, q3 or q4.")
    String query = "";

    @Option(
            names = "--share",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which of the query's aggregators this is, from 0 (default: ${DEFAULT-VALUE}).")
    int share;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            required = true,
            description = "A directory of its own, where it remembers what it has taken.")
    Path state = Path.of("");

    @Option(
            names = "--session-idle",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "1h",
            description = "Give a session up of which nothing has come for so long (default: ${DEFAULT-VALUE}).")
    long sessionIdleMs;

    CoffeeAggregatorCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        CoffeeQuery chosen = Stream.of(CoffeeQuery.values())
                .filter(one -> one.text().equals(query))
                .findFirst()
                .orElse(null);
        options.check(
                chosen != null,
                "no such query: " + query + ", there are "
                        + Stream.of(CoffeeQuery.values()).map(CoffeeQuery::text).collect(Collectors.joining(", ")));
        options.check(share >= 0 && share < options.topology().aggregators(), "--share is from 0 to --aggregators - 1");
        if (chosen != null) {
            Stop stop = Stop.of(onStop);
            AggregatorNode node = new AggregatorNode(
                    chosen,
                    share,
                    options.query(),
                    options.topology(),
                    nodeOptions.loop("aggregator " + query + "." + share, stop));
            nodeOptions.answerHealth();
            options.out().println("recado coffee aggregator " + query + " started");
            node.run(new AggregatorNode.Keeping(state, KEEP_MS, sessionIdleMs));
        }
        return ExitCode.DONE;
    }
}
