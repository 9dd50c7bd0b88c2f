package dev.recado.apps.coffee;

import dev.recado.apps.coffee.csv.ShopFiles;
import dev.recado.apps.coffee.data.ShopGenerator;
import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado coffee generate}. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Makes up the five files of a data set: the same scale and seed give the same files.")
final class CoffeeGenerateCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec command;

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "10",
            description = "Thousands of purchases, 1 to 50000 (default: ${DEFAULT-VALUE}).")
    int scale;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "What chance begins with (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "Where the files go.")
    Path to = Path.of("");

    @Override
    public Integer call() throws IOException {
        CommandSpec spec = Objects.requireNonNull(command, "picocli fills it before the command runs");
        if (scale < 1 || scale > ShopGenerator.SCALE_MAX) {
            throw new ParameterException(spec.commandLine(), "--scale takes 1 to " + ShopGenerator.SCALE_MAX);
        }
        ShopFiles.write(to, new ShopGenerator(scale, seed)).forEach((table, rows) -> spec.commandLine()
                .getOut()
                .println(to.resolve(table.fileName()) + ": " + Plural.of(rows, "row")));
        return ExitCode.DONE;
    }
}
