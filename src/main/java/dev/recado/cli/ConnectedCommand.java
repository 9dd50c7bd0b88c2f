package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.cli.option.CountConverter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado session …}. */
@Command(
        name = "session",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows who is connected, in any protocol, and ends sessions.")
final class ConnectedCommand {

    private final Terminal terminal;

    ConnectedCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the open sessions.")
    int list(@Mixin BrokerOptions broker, @Mixin OutputOptions output) {
        List<String> sessions = broker.with(Connected::sessions);
        output.print(terminal, sessions, Connected.columns(System.currentTimeMillis()));
        return ExitCode.DONE;
    }

    @Command(
            name = "close",
            mixinStandardHelpOptions = true,
            description = "Ends a session: what it holds is delivered to others. Its client may connect again.")
    int close(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Told to the client.")
                    String reason,
            @Parameters(
                            paramLabel = "SESSION",
                            converter = CountConverter.class,
                            description = "Its number, as `recado session list` shows it.")
                    long session)
            throws Exception {
        broker.ask(client -> client.admin().closeSession(session, reason));
        output.done(terminal, "closed session " + session, out -> {
            out.writeStringField("done", "closed");
            out.writeNumberField("session", session);
        });
        return ExitCode.DONE;
    }
}
