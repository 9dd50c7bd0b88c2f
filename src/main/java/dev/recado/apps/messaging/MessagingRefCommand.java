package dev.recado.apps.messaging;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.Stop;
import dev.recado.apps.messaging.ref.RefLoop;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado messaging ref}. */
@Command(
        name = "ref",
        mixinStandardHelpOptions = true,
        description = "The reference server: gives each server its rank and tells which are alive. "
                + "Ranks are kept in ref_servers.json.")
final class MessagingRefCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    MessagingOptions options = new MessagingOptions();

    @Option(
            names = "--bind",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.REF,
            converter = EndpointConverter.class,
            description = "Where it listens (default: ${DEFAULT-VALUE}).")
    String bind = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "messaging/ref",
            description = "Its folder (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("");

    @Option(
            names = "--expiry",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "3s",
            description = "A server without a heartbeat for so long is not alive (default: ${DEFAULT-VALUE}).")
    long expiryMs;

    MessagingRefCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.check(!bind.equals(EndpointConverter.NONE), "--bind needs an endpoint");
        options.check(expiryMs >= 1_000, "--expiry takes 1s or more: heartbeats come every second");
        RefLoop.run(bind, data, expiryMs, Stop.of(onStop), options.speaker("ref"));
        return ExitCode.DONE;
    }
}
