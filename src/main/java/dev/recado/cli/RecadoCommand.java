package dev.recado.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program; everything it can do is a subcommand. */
@Command(
        name = "recado",
        mixinStandardHelpOptions = true,
        versionProvider = RecadoCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "A message broker in one JAR. Without a command it starts a broker with its defaults.",
        footer = {
            "",
            "Commands that talk to a broker take --broker HOST[:PORT][,...], or the variable RECADO_BROKER.",
            "Exit codes: 0 done, 1 failed at work, 2 wrong usage, 3 cannot reach the broker."
        })
public final class RecadoCommand {

    /** Reads the version from the JAR's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RecadoCommand.class.getPackage().getImplementationVersion();
            return new String[] {"recado " + (version == null ? "development" : version)};
        }
    }
}
