package dev.recado.apps.messaging;

import dev.recado.apps.Stop;
import dev.recado.apps.messaging.client.BotPlan;
import dev.recado.apps.messaging.client.ClientLoop;
import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import dev.recado.cli.option.DurationConverter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado messaging bot}. */
@Command(
        name = "bot",
        mixinStandardHelpOptions = true,
        description = "An automatic client: joins its channels and says something at an interval, "
                + "every fifth time to itself. Exit code as for client.")
final class MessagingBotCommand implements Callable<Integer> {

    private static final int CHANNELS_MAX = 100;

    private final Consumer<Runnable> onStop;

    @Mixin
    MessagingOptions options = new MessagingOptions();

    @Mixin
    ClientEndpoints endpoints = new ClientEndpoints();

    @Option(names = "--user", paramLabel = "NAME", required = true, description = "Who logs in.")
    String user = "";

    @Option(
            names = "--channels",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "general",
            description = "Where it speaks, in turn (default: ${DEFAULT-VALUE}).")
    List<String> channels = List.of();

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "1s",
            description = "From one message to the next (default: ${DEFAULT-VALUE}).")
    long intervalMs;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after so many messages; 0 goes on (default: ${DEFAULT-VALUE}).")
    long count;

    MessagingBotCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() {
        options.checkName("--user", user);
        channels.forEach(channel -> options.checkName("--channels", channel));
        options.check(channels.size() <= CHANNELS_MAX, "--channels takes up to " + Plural.of(CHANNELS_MAX, "name"));
        options.check(count >= 0 && intervalMs >= 0, "--count and --interval start at 0");
        endpoints.check(options);
        boolean done = ClientLoop.runBot(
                new BotPlan(user, channels, intervalMs, count),
                MessagingOptions.tail(),
                endpoints.frontend,
                endpoints.xpub,
                Stop.of(onStop),
                options.speaker(user));
        return done ? ExitCode.DONE : ExitCode.FAILED;
    }
}
