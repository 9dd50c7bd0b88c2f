package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.cli.OutputOptions;
import dev.recado.cli.Progress;
import dev.recado.config.ConfigException;
import dev.recado.file.WholeFiles;
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
    SettingOptions settings = new SettingOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws ConfigException, UsageException, IOException {
        Path archive = Objects.requireNonNull(file, "picocli requires FILE");
        if (Files.exists(archive)) {
            throw new IOException("archive " + archive + " exists: name another");
        }
        String unwritable = FileFailure.unwritable(archive);
        if (unwritable != null) {
            throw new UsageException("archive " + archive + " cannot be written: " + unwritable + ". Name another");
        }
        Path data = settings.dataDirectory();
        if (WholeFiles.real(archive).startsWith(WholeFiles.real(data))) {
            throw new ParameterException(
                    console.commandLine(),
                    "archive " + archive + " lies in the data directory " + data
                            + ", of which it would become a part: name one outside");
        }
        if (Archive.isEmptyDirectory(data)) {
            throw new UsageException("data directory " + data + " is empty, so there is nothing to back up:"
                    + " name the broker's with --data");
        }
        try (DataLock lock = DataLock.take(data)) {
            Archive.Totals totals =
                    Archive.write(lock.directory(), archive, Progress.ofBytes(console.err()::println, "written"));
            output.done(console.out(), "backed up " + data + " to " + archive + ": " + totals, field -> {
                field.accept("backed-up", data.toString());
                field.accept("archive", archive.toString());
                totals.write(field);
            });
        }
        return ExitCode.DONE;
    }
}
