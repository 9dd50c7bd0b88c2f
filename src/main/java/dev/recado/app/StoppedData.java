package dev.recado.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Port to what the commands do with a data directory whose broker is stopped. The caller holds its lock. */
public interface StoppedData {

    /** Makes an empty directory into a data directory of {@code shards} shards; durable on return. */
    void format(Path directory, String nodeId, int shards) throws IOException;

    /**
     * Checks everything in the directory and, with {@code acceptLoss}, cuts what is damaged; durable on return.
     *
     * @return one line for each finding; empty where all is well
     */
    List<String> repair(Path directory, boolean acceptLoss) throws IOException;
}
