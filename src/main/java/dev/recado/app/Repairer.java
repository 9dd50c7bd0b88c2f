package dev.recado.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Port to the check of a locked data directory whose broker is stopped. */
@FunctionalInterface
interface Repairer {

    /**
     * Checks everything and, with {@code acceptLoss}, cuts what is damaged; durable on return.
     *
     * @param findings is told one line for each, before anything that it names is cut; nothing where all is well
     */
    void repair(Path directory, boolean acceptLoss, Consumer<String> findings) throws IOException;
}
