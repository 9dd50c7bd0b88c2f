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

/** {@code recado backup}: the data of a stopped broker as one file, read back and compared before it gets its name. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copy the data directory of a stopped broker into one archive file.")
final class BackupCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Archive to write; must not exist.")
    @Nullable
    Path file;

    @Mixin
    StoppedOptions options = new StoppedOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws IOException {
        Path archive = Objects.requireNonNull(file, "picocli requires FILE");
        if (Files.exists(archive)) {
            throw new IOException("archive " + archive + " exists: name another");
        }
        if (AtomicFile.real(archive).startsWith(AtomicFile.real(options.path()))) {
            throw new ParameterException(
                    console.commandLine(),
                    "archive " + archive + " lies in the data directory " + options.path()
                            + ", of which it would become a part: name one outside");
        }
        try (DataLock lock = options.lock()) {
            Archive.Totals totals = Archive.write(lock.directory(), archive, new Progress(console.err(), "written"));
            console.out().println("backed up " + options.path() + " to " + archive + ": " + totals);
        }
        return ExitCode.DONE;
    }
}
