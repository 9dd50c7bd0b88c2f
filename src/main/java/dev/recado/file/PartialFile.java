package dev.recado.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file under its name until it is complete. What was not {@link WholeFiles#publish published} is removed when this is
 * closed, and also where SIGINT or SIGTERM ends the process before.
 */
public final class PartialFile implements AutoCloseable {

    private final Path path;
    private final Thread onExit;

    /** Makes an empty one: what another run has left or is writing keeps its name. */
    public PartialFile(Path target) throws IOException {
        path = WholeFiles.firstFree(WholeFiles.partial(target), Files::createFile);
        onExit = new Thread(this::removeQuietly, "recado-remove-partial");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /** Where it is until it is complete. */
    public Path path() {
        return path;
    }

    /** Fills it with {@code text} and gives it its name; not synced. */
    public void revealUnsynced(Path target, String text) throws IOException {
        WholeFiles.naming(target, () -> {
            Files.writeString(path, text);
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private void removeQuietly() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The process ends; what is left has a name that says what it is.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException exiting) {
            // The process ends: the hook removes it too.
            Files.deleteIfExists(path);
            return;
        }
        Files.deleteIfExists(path);
    }
}
