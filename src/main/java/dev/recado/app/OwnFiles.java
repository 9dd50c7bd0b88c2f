package dev.recado.app;

import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files outside the data directory that this broker wrote and nobody changed since. Only these are replaced without
 * a copy. What it knows lies in {@value #NAME} in the data directory, one {@link FileStamp} a line; where that is lost,
 * a copy too many is kept and nothing else. One thread at a time.
 */
final class OwnFiles {

    static final String NAME = "own-files";

    private final Path known;

    OwnFiles(Path dataDirectory) {
        known = dataDirectory.resolve(NAME);
    }

    /** Whether {@code file} is as this broker wrote it; what is missing or empty holds nothing of anybody's. */
    boolean isOwn(Path file) throws IOException {
        FileStamp stamp = FileStamp.of(file);
        return stamp == null || stamp.bytes() == 0 || lines().contains(stamp.toString());
    }

    /**
     * Writes {@code target} as {@link WholeFiles#write} does, and keeps what is there under another name if it is not
     * this broker's own.
     *
     * @return where that is kept, or null
     */
    @Nullable
    Path replace(Path target, WholeFiles.Content content) throws IOException {
        Path kept = isOwn(target) ? null : WholeFiles.keep(target);
        WholeFiles.write(target, content);
        remember(target);
        return kept;
    }

    private void remember(Path file) throws IOException {
        FileStamp stamp = FileStamp.of(file);
        if (stamp == null) {
            return; // somebody has removed it at once
        }
        List<String> lines = lines();
        lines.removeIf(line -> line.endsWith(" " + stamp.file()));
        lines.add(stamp.toString());
        WholeFiles.write(known, out -> out.write(WholeFiles.utf8(String.join("\n", lines) + "\n")));
    }

    private List<String> lines() throws IOException {
        return Files.exists(known) ? new ArrayList<>(Files.readAllLines(known)) : new ArrayList<>();
    }
}
