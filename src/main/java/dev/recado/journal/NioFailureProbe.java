package dev.recado.journal;

import dev.recado.journal.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tells kinds of failures by what the JDK lets one try: it gives no error number, so a quota stays unclear, and so does
 * a device that fails.
 */
public final class NioFailureProbe implements FailureProbe {

    /** Less than this left is full: other writers may have made and lost room since the call that failed. */
    private static final long FULL_BELOW_BYTES = 1024 * 1024;

    private static final Path ALWAYS_THERE = Path.of("/dev/null");

    private final boolean knowsAlwaysThere = Files.exists(ALWAYS_THERE);

    @Override
    public Kind tryIn(String path) {
        Path directory = Path.of(path);
        if (knowsAlwaysThere && !opens(ALWAYS_THERE)) {
            return Kind.NO_FILES;
        }
        if (!Files.isWritable(directory)) {
            return Kind.FAILED;
        }
        return isFull(directory) ? Kind.FULL : Kind.UNCLEAR;
    }

    private static boolean opens(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the trial fails and little is free, or nothing is. */
    private static boolean isFull(Path directory) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            return free <= 0 || (free < FULL_BELOW_BYTES && !isWritten(directory.resolve(TRIAL_NAME)));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isWritten(Path trial) {
        try (FileChannel channel = FileChannel.open(
                trial, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer bytes = ByteBuffer.allocate(TRIAL_BYTES);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
