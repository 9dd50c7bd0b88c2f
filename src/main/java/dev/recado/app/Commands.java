package dev.recado.app;

import dev.recado.apps.UnreachableException;
import dev.recado.base.ExitCode;
import dev.recado.cli.RecadoCli;
import dev.recado.cli.Terminal;
import dev.recado.cli.TokenCommand;
import dev.recado.cli.UserCommand;
import dev.recado.config.ConfigException;
import dev.recado.journal.DamagedException;
import dev.recado.journal.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The command line: the commands of this room, on their own or added to those that talk to a broker. */
public final class Commands {

    /** Those that work without a broker, and fail as such. */
    private static final Map<String, Supplier<Object>> OWN = own();

    /** Those that talk to a broker, and fail as the others of that kind do. */
    private static final Map<String, Supplier<Object>> TALKING = talking();

    private Commands() {}

    private static Map<String, Supplier<Object>> own() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("broker", BrokerCommand::new);
        commands.put("config", ConfigCommand::new);
        commands.put("format", FormatCommand::new);
        commands.put("repair", RepairCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("launcher", LauncherCommand::new);
        commands.put("tls", TlsCommand::new);
        return commands;
    }

    private static Map<String, Supplier<Object>> talking() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("export", ExportCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("example", Examples::commandLine);
        commands.put("user", () -> new UserCommand(Terminal.system(), DirectoryBroker::open));
        commands.put("token", () -> new TokenCommand(Terminal.system(), DirectoryBroker::open));
        commands.put("monitor", Examples::monitor);
        commands.put("coffee", Examples::coffee);
        commands.put("messaging", Examples::messaging);
        return commands;
    }

    /** Runs one command and answers its {@link ExitCode}. */
    static int execute(String... args) {
        return commandLine(args.length == 0 ? "" : args[0]).execute(args);
    }

    /** The program with the command {@code first} alone where there is such a command, else with all of them. */
    static CommandLine commandLine(String first) {
        boolean known = RecadoCli.has(first) || OWN.containsKey(first) || TALKING.containsKey(first);
        return known ? addTo(RecadoCli.only(first), first::equals) : addTo(RecadoCli.commandLine());
    }

    /** Adds this room's commands to {@code root}, whose own commands go on failing as they do. */
    public static CommandLine addTo(CommandLine root) {
        return addTo(root, name -> true);
    }

    private static CommandLine addTo(CommandLine root, Predicate<String> wanted) {
        IExecutionExceptionHandler others = root.getExecutionExceptionHandler();
        List<CommandLine> ours = new ArrayList<>();
        OWN.forEach((name, command) -> {
            if (wanted.test(name)) {
                CommandLine line = new CommandLine(command.get());
                root.addSubcommand(line);
                ours.add(line);
            }
        });
        TALKING.forEach((name, command) -> {
            if (wanted.test(name)) {
                root.addSubcommand(command.get());
            }
        });
        // So of those that were added just now.
        root.setOut(root.getOut());
        root.setErr(root.getErr());
        return root.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof UnreachableException) {
                return tellUnreachable(failure, command);
            }
            boolean known = failure instanceof UsageException || failure instanceof IOException;
            return known || ours.contains(command) && !(failure instanceof UncheckedIOException)
                    ? tell(failure, command)
                    : others.handleExecutionException(failure, command, parsed);
        });
    }

    private static int tellUnreachable(Exception failure, CommandLine command) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + failure.getMessage());
        command.getErr().println("Start what listens there first, or name another endpoint; --help shows the option.");
        return ExitCode.UNREACHABLE;
    }

    private static int tell(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof ConfigException wrong) {
            wrong.problems().forEach(command.getErr()::println);
            return ExitCode.USAGE;
        }
        if (failure instanceof UsageException) {
            command.getErr().println(failure.getMessage());
            return ExitCode.USAGE;
        }
        if (failure instanceof IOException || isStorage(failure)) {
            command.getErr().println(FileFailure.text(failure));
            return ExitCode.FAILED;
        }
        throw failure;
    }

    private static boolean isStorage(Exception failure) {
        return failure instanceof StorageException || failure instanceof DamagedException;
    }
}
