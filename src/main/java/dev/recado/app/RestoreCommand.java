package dev.recado.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code recado restore}: a data directory out of a backup, complete or not there at all. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = "Make a data directory from an archive of `recado backup`.")
final class RestoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Archive to read.")
    @Nullable
    Path file;

    @Mixin
    StoppedOptions options = new StoppedOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws IOException {
        Path archive = Objects.requireNonNull(file, "picocli requires FILE");
        if (!Files.isRegularFile(archive)) {
            throw new IOException("no such archive: " + archive);
        }
        if (AtomicFile.real(archive).startsWith(AtomicFile.real(options.path()))) {
            throw new ParameterException(
                    console.commandLine(),
                    "archive " + archive + " lies in the data directory " + options.path()
                            + ", which is to be made: name another with --data");
        }
        Archive.Totals totals = Archive.restore(archive, options.path(), new Progress(console.err(), "restored"));
        console.out().println("restored " + options.path() + " from " + archive + ": " + totals);
        return ExitCode.DONE;
    }
}
