package dev.recado.apps.divide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What happens to images and where they go; mixed into the commands that filter. */
final class FilterOptions {

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIRECTORY",
            description = "Where to write; made if it does not exist.")
    @Nullable
    Path to;

    @Option(
            names = "--filter",
            paramLabel = "FILTER",
            defaultValue = "grayscale",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Filter filter = Filter.grayscale;

    /** The folder, which exists now. */
    Path target() throws IOException {
        Path target = Objects.requireNonNull(to, "picocli requires --to");
        Files.createDirectories(target);
        return target;
    }
}
