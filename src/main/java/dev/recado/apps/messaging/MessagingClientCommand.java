package dev.recado.apps.messaging;

import dev.recado.apps.Stop;
import dev.recado.apps.messaging.client.ClientLoop;
import dev.recado.base.ExitCode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado messaging client}. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "A terminal client: lines of standard input are its commands, /help lists them. "
                + "Exit code 0 where all that was asked was done, 1 where something was refused or not answered.")
final class MessagingClientCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    MessagingOptions options = new MessagingOptions();

    @Mixin
    ClientEndpoints endpoints = new ClientEndpoints();

    @Option(names = "--user", paramLabel = "NAME", required = true, description = "Who logs in.")
    String user = "";

    MessagingClientCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() {
        options.checkName("--user", user);
        endpoints.check(options);
        boolean done = ClientLoop.runPerson(
                user,
                MessagingOptions.tail(),
                endpoints.frontend,
                endpoints.xpub,
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                Stop.of(onStop),
                options.speaker(user));
        return done ? ExitCode.DONE : ExitCode.FAILED;
    }
}
