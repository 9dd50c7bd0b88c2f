package dev.recado.apps.divide;

import dev.recado.apps.ExampleOptions;
import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code recado example divide …}, and what its commands share. */
@Command(
        name = "divide",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "A folder of images, filtered by many workers over the pipeline: divide and conquer.")
public final class DivideCommand {

    /** Where the sink listens unless it is told otherwise: the port behind the broker's own. */
    static final String RESULTS = "tcp://127.0.0.1:5561";

    static final String IDLE_EXIT = "30s";
    static final int WORKERS_MAX = 1_000;

    private DivideCommand() {}

    /** The command with its subcommands; {@code onStop} takes what to do when the process is asked to end. */
    public static CommandLine commandLine(Consumer<Runnable> onStop) {
        return new CommandLine(new DivideCommand())
                .addSubcommand(new DivideMasterCommand(onStop))
                .addSubcommand(new DivideWorkerCommand(onStop))
                .addSubcommand(new DivideSinkCommand(onStop))
                .addSubcommand(new DivideLocalCommand(onStop));
    }

    /** The images of a folder; no such folder is wrong usage. */
    static ImageFolder images(ExampleOptions options, Path folder) throws IOException {
        options.check(Files.isDirectory(folder), "no such folder: " + folder);
        ImageFolder images = ImageFolder.list(folder);
        if (images.names().isEmpty()) {
            options.err().println("no images in " + folder);
        }
        return images;
    }

    /** Prints what a sink gathered and answers the exit code. */
    static int tell(ExampleOptions options, Sink sink, boolean complete) {
        sink.lines().forEach(options.out()::println);
        if (sink.strange() > 0) {
            options.err().println("passed over " + Plural.of(sink.strange(), "message") + " other than reports");
        }
        return complete && sink.tally().failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
}
