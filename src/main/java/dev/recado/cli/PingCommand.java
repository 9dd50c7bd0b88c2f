package dev.recado.cli;

import dev.recado.base.ExitCode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code recado ping}. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        description = "Asks a broker for a sign of life; exit code 3 where none answers.")
final class PingCommand implements Callable<Integer> {

    private static final double NANOS_A_MS = 1e6;

    private final Terminal terminal;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    PingCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        long nanos = broker.ask(client -> client.admin().ping());
        output.done(
                terminal,
                String.format(Locale.ROOT, "pong in %.1f ms", nanos / NANOS_A_MS),
                json -> json.writeNumberField("pong-ms", nanos / NANOS_A_MS));
        return ExitCode.DONE;
    }
}
