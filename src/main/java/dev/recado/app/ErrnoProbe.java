package dev.recado.app;

import dev.recado.journal.FailureProbe;
import dev.recado.journal.NioFailureProbe;
import dev.recado.journal.StorageException.Kind;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Tells kinds of failures by the operating system's error number, which Netty's native library gives of its own file
 * descriptors; where that library is missing, as the JDK lets one.
 */
final class ErrnoProbe implements FailureProbe {

    /** Linux's numbers; the library is for no other system. */
    private static final int EIO = 5;

    private static final int ENFILE = 23;
    private static final int EMFILE = 24;
    private static final int ENOSPC = 28;
    private static final int EROFS = 30;
    private static final int EDQUOT = 122;

    private final FailureProbe plain = new NioFailureProbe();
    /** Loaded ahead: a full disk would not take the copy that loading it makes. */
    private final boolean isNative = Epoll.isAvailable();

    private final ByteBuffer zeros = ByteBuffer.allocateDirect(TRIAL_BYTES);

    @Override
    public Kind tryIn(String directory) {
        return isNative ? tryWrite(Path.of(directory, TRIAL_NAME), directory) : plain.tryIn(directory);
    }

    private Kind tryWrite(Path trial, String directory) {
        try {
            write(trial);
            boolean renames = isRenamed(trial);
            Files.deleteIfExists(trial);
            return renames ? plain.tryIn(directory) : Kind.FAILED;
        } catch (NativeIoException e) {
            return kindOf(Math.abs(e.expectedErr()));
        } catch (IOException e) {
            return Kind.UNCLEAR;
        }
    }

    /** A rename that fails where bytes are taken has no error number, and no want of space either. */
    private static boolean isRenamed(Path trial) throws IOException {
        Path moved = trial.resolveSibling(trial.getFileName() + "2");
        try {
            Files.move(trial, moved, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return false;
        }
        Files.deleteIfExists(moved);
        return true;
    }

    /** Writes the trial's bytes to {@code file}; a {@link NativeIoException} has the error number. */
    void write(Path file) throws IOException {
        FileDescriptor descriptor = FileDescriptor.from(file.toString());
        try {
            int at = 0;
            while (at < TRIAL_BYTES) {
                at += descriptor.write(zeros, at, TRIAL_BYTES);
            }
        } catch (IOException e) {
            closeAndDelete(descriptor, file);
            throw e;
        }
        descriptor.close();
    }

    private static void closeAndDelete(FileDescriptor descriptor, Path file) throws IOException {
        descriptor.close();
        if (Files.isRegularFile(file)) {
            Files.deleteIfExists(file);
        }
    }

    static Kind kindOf(int errno) {
        return switch (errno) {
            case ENOSPC, EDQUOT -> Kind.FULL;
            case EMFILE, ENFILE -> Kind.NO_FILES;
            case EIO, EROFS -> Kind.FAILED;
            default -> Kind.UNCLEAR;
        };
    }
}
