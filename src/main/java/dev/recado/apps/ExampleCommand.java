package dev.recado.apps;

import picocli.CommandLine.Command;

/** {@code recado example …}: the applications are its subcommands. */
@Command(
        name = "example",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Example applications that use a running broker over ZeroMQ. "
                + "Any ZeroMQ program can take the place of each part, in any language.")
public final class ExampleCommand {}
