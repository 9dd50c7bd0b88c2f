package dev.recado.app;

import dev.recado.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line: the commands of this room, on their own or added to those that talk to a broker. */
public final class Commands {

    private Commands() {}

    /** Runs one command and answers its {@link ExitCode}. */
    static int execute(String... args) {
        return addTo(new CommandLine(new Root())).execute(args);
    }

    /** Adds this room's commands to {@code root}, and the exit codes that all commands share. */
    public static CommandLine addTo(CommandLine root) {
        root.addSubcommand(new BrokerCommand());
        root.addSubcommand(new ConfigCommand());
        root.addSubcommand(new FormatCommand());
        root.addSubcommand(new RepairCommand());
        root.addSubcommand(new BackupCommand());
        root.addSubcommand(new RestoreCommand());
        root.setExecutionExceptionHandler((failure, command, parsed) -> {
            String message = failure.getMessage();
            command.getErr().println(message == null ? failure.getClass().getSimpleName() : message);
            return failure instanceof ConfigException ? ExitCode.USAGE : ExitCode.FAILED;
        });
        return root;
    }

    /** The program itself; what it does without a command is in {@link Recado#main}. */
    @Command(
            name = "recado",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            description = "A message broker in one JAR. Without a command it starts a broker with its defaults.")
    static final class Root {}

    /** Reads the version from the JAR's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Recado.class.getPackage().getImplementationVersion();
            return new String[] {"recado " + (version == null ? "development" : version)};
        }
    }
}
