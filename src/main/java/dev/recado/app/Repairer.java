package dev.recado.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Port to the check of a locked data directory whose broker is stopped. */
@FunctionalInterface
interface Repairer {

    /**
     * Checks everything and, with {@code acceptLoss}, cuts what is damaged; durable on return.
     *
     * @return one line for each finding; empty where all is well
     */
    List<String> repair(Path directory, boolean acceptLoss) throws IOException;
}
