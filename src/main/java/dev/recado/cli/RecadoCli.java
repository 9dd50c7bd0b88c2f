package dev.recado.cli;

import dev.recado.client.RecadoException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Composes the command line from the commands that talk to a broker and whatever the program adds. */
public final class RecadoCli {

    /** Exit code: done. */
    public static final int DONE = 0;
    /** Exit code: failed at work. */
    public static final int FAILED = 1;
    /** Exit code: called wrongly. */
    public static final int USAGE = 2;
    /** Exit code: the broker cannot be reached. */
    public static final int UNREACHABLE = 3;

    private RecadoCli() {}

    /** The command line on the process's own streams, with further subcommands (objects annotated for picocli). */
    public static CommandLine commandLine(Object... moreSubcommands) {
        return commandLine(Terminal.system(), moreSubcommands);
    }

    /** The same on other streams. */
    public static CommandLine commandLine(Terminal terminal, Object... moreSubcommands) {
        CommandLine root = new CommandLine(new RecadoCommand());
        for (Object command : moreSubcommands) {
            root.addSubcommand(command);
        }
        root.addSubcommand(new ProducerCommand(terminal));
        root.addSubcommand(new ConsumerCommand(terminal));
        root.addSubcommand(new TopicCommand(terminal));
        root.addSubcommand(new GroupCommand(terminal));
        root.addSubcommand(new ExchangeCommand(terminal));
        root.addSubcommand(new MessageCommand(terminal));
        root.addSubcommand(new PingCommand(terminal));
        root.addSubcommand(new StatsCommand(terminal));
        root.addSubcommand(new BenchCommand(terminal));
        return onTerminal(root, terminal);
    }

    /** The program without the commands that talk to a broker: their models would delay the start of one. */
    public static CommandLine bare() {
        return onTerminal(new CommandLine(new RecadoCommand()), Terminal.system());
    }

    private static CommandLine onTerminal(CommandLine root, Terminal terminal) {
        root.setOut(new PrintWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8), true));
        root.setErr(new PrintWriter(new OutputStreamWriter(terminal.err(), StandardCharsets.UTF_8), true));
        root.setUsageHelpAutoWidth(true);
        root.setExecutionExceptionHandler(RecadoCli::onFailure);
        return root;
    }

    /** Tells a person what went wrong and what to do, and answers the exit code. */
    public static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + text);
        if (cause instanceof RecadoException known && known.kind() == RecadoException.Kind.UNREACHABLE) {
            err.println("No broker answers there. Start one with `java -jar recado.jar`, or name another with"
                    + " --broker HOST:PORT.");
            return UNREACHABLE;
        }
        return FAILED;
    }
}
