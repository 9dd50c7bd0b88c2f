package dev.recado.apps.messaging;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.Stop;
import dev.recado.apps.messaging.server.ServerLoop;
import dev.recado.apps.messaging.server.ServerOptions;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado messaging server}. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = "One server: answers clients through the broker, publishes what they say, and replicates it with"
                + " the other servers. Its folder shows the histories in registry.json, publications.jsonl and"
                + " messages.jsonl, equal on all servers once nothing more is said.")
final class MessagingServerCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    MessagingOptions options = new MessagingOptions();

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "Its name, another for each server.")
    String name = "";

    @Option(
            names = "--bind",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:0",
            converter = EndpointConverter.class,
            description = "Where other servers ask it; port 0 picks a free one (default: ${DEFAULT-VALUE}).")
    String bind = "";

    @Option(
            names = "--ref",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.REF,
            converter = EndpointConverter.class,
            description = "Where the reference server listens (default: ${DEFAULT-VALUE}).")
    String ref = "";

    @Option(
            names = "--backend",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.BACKEND,
            converter = EndpointConverter.class,
            description = "Where the broker gives out requests, a DEALER (default: ${DEFAULT-VALUE}).")
    String backend = "";

    @Option(
            names = "--xsub",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.XSUB,
            converter = EndpointConverter.class,
            description = "Where publishers connect (default: ${DEFAULT-VALUE}).")
    String xsub = "";

    @Option(
            names = "--xpub",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.XPUB,
            converter = EndpointConverter.class,
            description = "Where subscribers connect (default: ${DEFAULT-VALUE}).")
    String xpub = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Its folder, of which it is the only user (default: messaging/NAME).")
    @Nullable
    Path data;

    @Option(
            names = "--berkeley",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How often the clocks are compared while it coordinates (default: ${DEFAULT-VALUE}).")
    long berkeleyMs;

    @Option(
            names = "--outlier",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description = "A clock that is further from the median does not count in the mean"
                    + " (default: ${DEFAULT-VALUE}).")
    long outlierMs;

    @Option(
            names = "--skew-ms",
            paramLabel = "MS",
            defaultValue = "0",
            description = "How wrong its clock is, for trials (default: ${DEFAULT-VALUE}).")
    long skewMs;

    MessagingServerCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkName("--name", name);
        for (String endpoint : new String[] {bind, ref, backend, xsub, xpub}) {
            options.check(!endpoint.equals(EndpointConverter.NONE), "a server needs all its endpoints");
        }
        options.check(berkeleyMs >= 100, "--berkeley takes 100ms or more");
        options.check(
                skewMs >= -ServerLoop.SKEW_MS_MAX && skewMs <= ServerLoop.SKEW_MS_MAX,
                "--skew-ms takes at most " + ServerLoop.SKEW_MS_MAX + " either way");
        // JeroMQ's word for a free port.
        String listen = bind.endsWith(":0") ? bind.substring(0, bind.length() - 1) + "*" : bind;
        ServerLoop.run(
                new ServerLoop.Self(name, MessagingOptions.tail(), skewMs),
                new ServerLoop.Endpoints(backend, xsub, xpub, ref, listen),
                new ServerOptions(berkeleyMs, outlierMs),
                data == null ? Path.of("messaging", name) : data,
                Stop.of(onStop),
                options.speaker(name));
        return ExitCode.DONE;
    }
}
