package dev.recado.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The lock on a data directory: one process at a time. The operating system lets go of it when the process ends,
 * however it ends, so a lock file that was left behind locks nothing.
 */
public final class DataDirectory implements AutoCloseable {

    /** Name of the lock file; it holds the process id of its last owner. */
    public static final String LOCK_FILE = "recado.lock";

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Creates the directory where it is missing, and locks it; an {@link IOException} tells its reader what to do. */
    public static DataDirectory open(Path path) throws IOException {
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("data directory " + path + " is a file: name a directory with --data", e);
        } catch (AccessDeniedException e) {
            throw notWritable(path, e);
        }
        return lock(path);
    }

    /** Locks a directory that must exist. */
    public static DataDirectory openExisting(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new IOException("data directory " + path + " does not exist: name one with --data");
        }
        return lock(path);
    }

    private static DataDirectory lock(Path path) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    path.resolve(LOCK_FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw notWritable(path, e);
        }
        try {
            if (tryLock(channel) == null) {
                throw new IOException("data directory " + path + " is in use by " + owner(channel)
                        + ": stop that process or name another directory with --data");
            }
            channel.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another broker in this very process.
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).trim();
        return pid.isEmpty() ? "another process" : "process " + pid;
    }

    private static IOException notWritable(Path path, IOException cause) {
        return new IOException(
                "data directory " + path + " is not writable: change its owner or name another with --data", cause);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
