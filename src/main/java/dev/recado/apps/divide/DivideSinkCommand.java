package dev.recado.apps.divide;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLinks;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.zeromq.SocketType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado example divide sink}. */
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        description = "Gathers the results of the workers and prints what came of it: start it first. "
                + "Ends once as many results came as the master announced or as --expect says. Results come "
                + "straight from "
                + "the workers, which connect here, since the broker's pipeline carries the tasks. "
                + "Exit code 0 where every image is done, 1 where one failed or is missing.")
final class DivideSinkCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Option(
            names = "--bind",
            paramLabel = "ENDPOINT",
            defaultValue = DivideCommand.RESULTS,
            converter = EndpointConverter.class,
            description = "Where to listen, for anybody who can reach it (default: ${DEFAULT-VALUE}).")
    String bind = "";

    @Option(
            names = "--expect",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after N results (default: as many as the master announces).")
    long expect;

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = DivideCommand.IDLE_EXIT,
            description = "Give up when nothing came for so long after the first message, as when a worker died; 0"
                    + " waits for ever (default: ${DEFAULT-VALUE}).")
    long idleExitMs;

    DivideSinkCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(expect, idleExitMs);
        options.checkEndpoint("--bind", bind);
        Stop stop = Stop.of(onStop);
        Sink sink = new Sink(expect, idleExitMs, options.err()::println);
        try (ZmqLinks links = options.links(stop)) {
            return DivideCommand.tell(options, sink, sink.run(links.bind(SocketType.PULL, bind), stop));
        }
    }
}
