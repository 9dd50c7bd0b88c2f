package dev.recado.app;

import dev.recado.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands on a stopped data directory; picocli fills the fields. */
final class StoppedOptions {

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory; ./data where nothing is said.")
    @Nullable
    Path data;

    /** Locks the directory, which must exist and whose broker must be stopped. */
    DataLock lock() throws IOException {
        return DataLock.take(path());
    }

    Path path() {
        return data == null ? Config.defaults().node().dataDir() : data;
    }
}
