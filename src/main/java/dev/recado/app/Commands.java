package dev.recado.app;

import dev.recado.apps.UnreachableException;
import dev.recado.cli.RecadoCli;
import dev.recado.config.ConfigException;
import dev.recado.journal.DamagedException;
import dev.recado.journal.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The command line: the commands of this room, on their own or added to those that talk to a broker. */
public final class Commands {

    private Commands() {}

    /** Runs one command and answers its {@link ExitCode}. */
    static int execute(String... args) {
        boolean startsBroker = args.length > 0 && args[0].equals("broker");
        return addTo(startsBroker ? RecadoCli.bare() : RecadoCli.commandLine()).execute(args);
    }

    /** Adds this room's commands to {@code root}, whose own commands go on failing as they do. */
    public static CommandLine addTo(CommandLine root) {
        IExecutionExceptionHandler others = root.getExecutionExceptionHandler();
        List<CommandLine> ours = new ArrayList<>();
        for (Object command : List.of(
                new BrokerCommand(),
                new ConfigCommand(),
                new FormatCommand(),
                new RepairCommand(),
                new BackupCommand(),
                new RestoreCommand())) {
            CommandLine line = new CommandLine(command);
            root.addSubcommand(line);
            ours.add(line);
        }
        // These talk to a broker and fail as the others of that kind do.
        root.addSubcommand(new ExportCommand()).addSubcommand(new ImportCommand());
        root.addSubcommand(Examples.commandLine());
        return root.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof UnreachableException) {
                return tellUnreachable(failure, command);
            }
            return ours.contains(command) || failure instanceof UsageException || failure instanceof IOException
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
