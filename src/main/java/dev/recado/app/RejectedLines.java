package dev.recado.app;

import dev.recado.file.PartialFile;
import dev.recado.file.WholeFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Collects, byte by byte as they stood, the lines of a file that could not be read. */
final class RejectedLines implements AutoCloseable {

    private final Path target;
    private @Nullable PartialFile partial;
    private @Nullable OutputStream out;

    RejectedLines(Path target) {
        this.target = target;
    }

    /** Where they are written; the file is made with the first. */
    OutputStream out() throws IOException {
        OutputStream open = out;
        if (open == null) {
            PartialFile made = new PartialFile(target);
            partial = made;
            open = new BufferedOutputStream(Files.newOutputStream(made.path()));
            out = open;
        }
        return open;
    }

    /** Gives the file its name, or the first of that name with 2, 3, … behind it that is free; null without a line. */
    @Nullable
    Path publish() throws IOException {
        PartialFile made = partial;
        OutputStream open = out;
        if (made == null || open == null) {
            return null;
        }
        open.close();
        WholeFiles.sync(made.path());
        return WholeFiles.publishBeside(made.path(), target);
    }

    @Override
    public void close() throws IOException {
        PartialFile made = partial;
        OutputStream open = out;
        if (made != null && open != null) {
            open.close();
            made.close();
        }
    }
}
