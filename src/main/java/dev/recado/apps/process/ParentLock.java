package dev.recado.apps.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock by which processes end with the one that had them started, though it is killed by {@code kill -9} and though
 * others have started them for it. That one, the parent, holds it while it lives; each part waits for it on a thread of
 * its own and ends once it has it, which the system gives it when the parent has ended in any way.
 *
 * <p>All locks are byte ranges of one file, so that they are of one run each and nothing has to be removed:
 *
 * <pre>
 *   byte 0      held by the parent: one run at a time
 *   byte R      held by the parent of run R, a number from 1 on that no other run has; its parts wait to share it
 * </pre>
 *
 * <p>The next run waits until nobody has any byte, so until all parts of the last one are gone. The file must not be
 * opened a second time by the parent: on POSIX systems that closes the lock of the first.
 */
public final class ParentLock implements AutoCloseable {

    /** The Java property of a part: {@code R@FILE}. */
    public static final String PROPERTY = "recado.parent-lock";

    private static final long LOOK_NANOS = 50_000_000;

    private final Path file;
    private final FileChannel channel;
    private final long run;
    private @Nullable FileLock held;

    private ParentLock(Path file, FileChannel channel, long run) throws IOException {
        this.file = file;
        this.channel = channel;
        this.run = run;
        held = channel.lock(run, 1, false);
    }

    /**
     * Takes it, once all parts of an earlier run have ended.
     *
     * @param patienceMs how long they may take
     * @throws IOException where another process has it, or parts of an earlier run do not end
     */
    public static ParentLock take(Path file, long patienceMs) throws IOException {
        Path whole = file.toAbsolutePath().normalize();
        Path folder = whole.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel channel =
                FileChannel.open(whole, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock(0, 1, false) == null) {
                throw new IOException(whole + " is held by another run; give this one another --data");
            }
            if (!awaitParts(channel, patienceMs)) {
                throw new IOException(whole + " is held by parts of an earlier run that have not ended yet");
            }
            return new ParentLock(whole, channel, ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE - 1));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether nobody shares any run's byte, now or before the time is over. */
    private static boolean awaitParts(FileChannel channel, long patienceMs) throws IOException {
        long endNanos = System.nanoTime() + patienceMs * 1_000_000;
        while (true) {
            try (FileLock all = channel.tryLock(1, Long.MAX_VALUE - 1, false)) {
                if (all != null) {
                    return true;
                }
            }
            if (System.nanoTime() - endNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** What a part is started with, {@code -Drecado.parent-lock=R@FILE}. */
    public String option() {
        return "-D" + PROPERTY + "=" + run + "@" + file;
    }

    /** Lets all parts end that have not yet; whether they have within {@code patienceMs}. */
    public boolean endParts(long patienceMs) throws IOException {
        FileLock own = held;
        held = null;
        if (own != null) {
            own.release();
        }
        return awaitParts(channel, patienceMs);
    }

    /** Gives it back; parts that still run end. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * For a part: returns once the parent has ended, and at once where the lock cannot be read.
     *
     * @param value of the property
     * @return the part's share, to be kept until the process ends, so that the next run waits for that
     */
    public static @Nullable FileLock awaitParentsEnd(String value) {
        int at = value.indexOf('@');
        try {
            long run = Long.parseLong(value.substring(0, Math.max(0, at)));
            return share(FileChannel.open(Path.of(value.substring(at + 1)), StandardOpenOption.READ), run);
        } catch (IOException | IllegalArgumentException unreadable) {
            // Whoever started this one cannot be watched: it must not be left over.
            return null;
        }
    }

    private static FileLock share(FileChannel channel, long run) throws IOException {
        try {
            return channel.lock(run, 1, true);
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw e;
        }
    }
}
