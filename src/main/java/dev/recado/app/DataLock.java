package dev.recado.app;

import dev.recado.journal.DataDirectory;
import dev.recado.journal.NioDisk;
import dev.recado.journal.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lock that a broker holds on its data directory, taken by commands that work on it while the broker is stopped.
 * The operating system lets go of it when the process ends, however it ends.
 */
final class DataLock implements AutoCloseable {

    private final Path directory;
    private final AutoCloseable lock;

    private DataLock(Path directory, AutoCloseable lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Locks a directory that must exist; a {@link StorageException} names who has it. */
    static DataLock take(Path directory) throws UsageException {
        String unfit = FileFailure.unfit(directory);
        if (unfit != null) {
            throw new UsageException(unfit);
        }
        if (!Files.isDirectory(directory)) {
            throw new UsageException("data directory " + directory + " does not exist: name one with --data");
        }
        return new DataLock(directory, new NioDisk(directory).lock(DataDirectory.LOCK));
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        try {
            lock.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("data directory " + directory + " cannot be unlocked", e);
        }
    }
}
