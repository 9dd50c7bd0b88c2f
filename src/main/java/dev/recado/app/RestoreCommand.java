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
    SettingOptions settings = new SettingOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws ConfigException, UsageException, IOException {
        Path archive = Objects.requireNonNull(file, "picocli requires FILE");
        if (!Files.isRegularFile(archive)) {
            throw new UsageException(
                    "no such archive: " + archive + (Files.exists(archive) ? " is not a file" : " does not exist"));
        }
        Path data = settings.dataDirectory();
        String unfit = FileFailure.unfit(data);
        if (unfit != null) {
            throw new UsageException(unfit);
        }
        if (WholeFiles.real(archive).startsWith(WholeFiles.real(data))) {
            throw new ParameterException(
                    console.commandLine(),
                    "archive " + archive + " lies in the data directory " + data
                            + ", which is to be made: name another with --data");
        }
        Archive.Totals totals = Archive.restore(archive, data, Progress.ofBytes(console.err()::println, "restored"));
        output.done(console.out(), "restored " + data + " from " + archive + ": " + totals, field -> {
            field.accept("restored", data.toString());
            field.accept("archive", archive.toString());
            totals.write(field);
        });
        return ExitCode.DONE;
    }
}
