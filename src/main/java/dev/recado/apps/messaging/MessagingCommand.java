package dev.recado.apps.messaging;

import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code recado messaging …}: the parts of the application are its subcommands. */
@Command(
        name = "messaging",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Users, channels and direct messages on replicated servers, with Lamport clocks and Berkeley's"
                + " algorithm, over ZeroMQ and MessagePack. Any ZeroMQ program can take the place of each part.")
public final class MessagingCommand {

    /** Where the reference server listens unless it is told otherwise. */
    static final String REF = "tcp://127.0.0.1:5570";

    static final String FRONTEND = "tcp://127.0.0.1:5555";
    static final String BACKEND = "tcp://127.0.0.1:5556";
    static final String XSUB = "tcp://127.0.0.1:5557";
    static final String XPUB = "tcp://127.0.0.1:5558";

    private MessagingCommand() {}

    /** The command with its subcommands; {@code onStop} takes what to do when the process is asked to end. */
    public static CommandLine commandLine(Consumer<Runnable> onStop) {
        return new CommandLine(new MessagingCommand())
                .addSubcommand(new MessagingUpCommand(onStop))
                .addSubcommand(new MessagingRefCommand(onStop))
                .addSubcommand(new MessagingServerCommand(onStop))
                .addSubcommand(new MessagingClientCommand(onStop))
                .addSubcommand(new MessagingBotCommand(onStop));
    }
}
