package dev.recado.apps.coffee;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.gateway.Gateway;
import dev.recado.apps.coffee.gateway.GatewayOptions;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado coffee gateway}. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        description =
                "Takes the files of clients, validates them, publishes them, and hands the answers back. It may be"
                        + " killed at any time: clients go on behind what it told them.")
final class CoffeeGatewayCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    CoffeeOptions options = new CoffeeOptions();

    @Mixin
    SessionOptions sessions = new SessionOptions();

    @Mixin
    NodeOptions nodeOptions = new NodeOptions();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Where to listen (default: ${DEFAULT-VALUE}).")
    String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9000",
            description = "0 for a free one (default: ${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--results-keep",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10m",
            description = "How long an answer waits for its client (default: ${DEFAULT-VALUE}).")
    long resultsKeepMs;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            required = true,
            description = "A directory of its own, where it remembers what it told clients.")
    Path state = Path.of("");

    CoffeeGatewayCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        sessions.check(options);
        options.check(port >= 0 && port <= 65_535, "--port takes 0 to 65535");
        Stop stop = Stop.of(onStop);
        nodeOptions.loop("gateway", stop);
        GatewayOptions how =
                new GatewayOptions(host, port, sessions.sessions, sessions.reconnectGraceMs, resultsKeepMs, state);
        nodeOptions.answerHealth();
        try (Gateway gateway = new Gateway(how, nodeOptions.amqp, options.topology(), stop)) {
            options.out().println("recado coffee gateway ready on " + host + ":" + gateway.port());
            gateway.run();
        }
        return ExitCode.DONE;
    }
}
