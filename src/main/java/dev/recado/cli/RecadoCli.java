package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Composes the command line from the commands that talk to a broker and whatever the program adds. */
public final class RecadoCli {

    /** What needs the whole tree, a list of all commands say, is not among these. */
    private static final Map<String, Function<Terminal, Object>> COMMANDS = commands();

    private RecadoCli() {}

    /** What a write says to a pipe that nobody reads any more. */
    private static final String NO_READER = "Broken pipe";

    private static Map<String, Function<Terminal, Object>> commands() {
        Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
        commands.put("producer", ProducerCommand::new);
        commands.put("consumer", ConsumerCommand::new);
        commands.put("topic", TopicCommand::new);
        commands.put("group", GroupCommand::new);
        commands.put("exchange", ExchangeCommand::new);
        commands.put("vhost", VhostCommand::new);
        commands.put("message", MessageCommand::new);
        commands.put("lag", LagCommand::new);
        commands.put("top", TopCommand::new);
        commands.put("session", ConnectedCommand::new);
        commands.put("dead", DeadCommand::new);
        commands.put("ping", PingCommand::new);
        commands.put("stats", StatsCommand::new);
        commands.put("bench", BenchCommand::new);
        return commands;
    }

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
        COMMANDS.values().forEach(command -> root.addSubcommand(command.apply(terminal)));
        root.addSubcommand(new CompletionCommand(terminal));
        return onTerminal(root, terminal);
    }

    /** Whether {@code name} is a command that talks to a broker. */
    public static boolean has(String name) {
        return COMMANDS.containsKey(name);
    }

    /**
     * The program with the command {@code name} alone, or without any where it is not one of these: the models of all
     * take several times as long to build as one takes to run.
     */
    public static CommandLine only(String name) {
        Terminal terminal = Terminal.system();
        CommandLine root = new CommandLine(new RecadoCommand());
        Function<Terminal, Object> command = COMMANDS.get(name);
        if (command != null) {
            root.addSubcommand(command.apply(terminal));
        }
        return onTerminal(root, terminal);
    }

    private static CommandLine onTerminal(CommandLine root, Terminal terminal) {
        SettingHelp.addTo(root);
        root.setOut(terminal.writer());
        root.setErr(new PrintWriter(new OutputStreamWriter(terminal.err(), StandardCharsets.UTF_8), true));
        root.setUsageHelpAutoWidth(true);
        root.setParameterExceptionHandler(RecadoCli::onWrongUsage);
        root.setExecutionExceptionHandler(RecadoCli::onFailure);
        root.setExecutionStrategy(parsed -> run(root, parsed));
        return root;
    }

    /** Help and version are printed outside of what the handler of failures sees. */
    private static int run(CommandLine root, ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (UncheckedIOException unwritten) {
            return onFailure(unwritten, root, parsed);
        }
    }

    /** How it is called in short, where to read more, and below, where a terminal shows it, what is wrong. */
    private static int onWrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println("Usage: " + command.getHelp().abbreviatedSynopsis().strip());
        if (!command.getSubcommands().isEmpty()) {
            err.println(
                    "Commands: " + String.join(", ", command.getSubcommands().keySet()));
        }
        err.println("`" + name + " --help` tells more.");
        err.println(name + ": " + what(wrong, command));
        UnmatchedArgumentException.printSuggestions(wrong, err);
        if (wrong instanceof UnmatchedArgumentException unmatched && takesSettings(command)) {
            unmatched.getUnmatched().stream()
                    .filter(argument -> argument.matches("[a-z][a-z.-]*=.*"))
                    .forEach(setting -> err.println("A setting is given as --set " + setting));
        }
        return ExitCode.USAGE;
    }

    /** Where a command was to follow and none is called so, that; else in the parser's words. */
    private static String what(ParameterException wrong, CommandLine command) {
        return wrong instanceof UnmatchedArgumentException unmatched
                        && !command.getSubcommands().isEmpty()
                        && !unmatched.isUnknownOption()
                ? "no such command: " + unmatched.getUnmatched().get(0)
                : String.valueOf(wrong.getMessage());
    }

    private static boolean takesSettings(CommandLine command) {
        return command.getCommandSpec().findOption("--set") != null;
    }

    /** Tells a person what went wrong and what to do, and answers the exit code. */
    public static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UncheckedIOException
                && cause.getCause() instanceof IOException why
                && NO_READER.equals(why.getMessage())) {
            return ExitCode.FAILED; // as in `recado topic list | head`: who has what he wanted needs no word about it
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + text);
        if (cause instanceof RecadoException known && isUnreachable(known)) {
            whatToDo(known).forEach(err::println);
            return ExitCode.UNREACHABLE;
        }
        if (text.contains("Not authenticated: AUTH:")) {
            err.println(
                    "The broker has users: log in with --user NAME, or by a token in RECADO_TOKEN; --help tells more.");
        }
        return ExitCode.FAILED;
    }

    private static boolean isUnreachable(RecadoException why) {
        return why.kind() == RecadoException.Kind.UNREACHABLE
                || why.kind() == RecadoException.Kind.PROTOCOL && why.text().contains("not the text protocol");
    }

    private static List<String> whatToDo(RecadoException why) {
        String text = why.text();
        if (text.contains(" said ") || text.contains("TLS") || text.contains("certificate")) {
            return List.of();
        }
        boolean answers = why.kind() == RecadoException.Kind.PROTOCOL
                || Stream.of("closed the connection", "connection reset", "does not answer")
                        .anyMatch(text::contains);
        return List.of(
                answers
                        ? "Something listens there, but not as a text listener of a broker. The port of that stands in"
                                + " the broker's ready line, as in `text 127.0.0.1:8080`, and in the file of"
                                + " --ports-file."
                        : "No broker answers there. Start one with `java -jar recado.jar`, give one that is starting"
                                + " time with --connect-wait 10s, or name another with --broker HOST:PORT.");
    }
}
