package dev.recado.apps.monitor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to start nodes of a machine: a lock on a file that all its monitors share. Messages may be late or lost,
 * so that two monitors take themselves for the leader; the system gives the lock to one of them, and takes it back from
 * a process that ends in any way. Not for several threads.
 */
final class ActingLock implements AutoCloseable {

    private final Path file;
    private @Nullable FileChannel channel;
    private @Nullable FileLock held;

    ActingLock(Path file) {
        this.file = file;
    }

    /** Takes it if nobody has it; whether it is held now. */
    boolean tryTake() throws IOException {
        if (held != null) {
            return true;
        }
        FileChannel opened = channel;
        if (opened == null) {
            opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel = opened;
        }
        try {
            held = opened.tryLock();
        } catch (OverlappingFileLockException anotherOfThisProcess) {
            return false;
        }
        return held != null;
    }

    /** Gives it back, if it is held. */
    @Override
    public void close() throws IOException {
        held = null;
        FileChannel opened = channel;
        channel = null;
        if (opened != null) {
            opened.close();
        }
    }
}
