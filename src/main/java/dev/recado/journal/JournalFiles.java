package dev.recado.journal;

import dev.recado.base.Check;
import dev.recado.journal.JournalLayout.FileHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that the journal may use next: one prepared ahead, and those that checkpoints released.
 *
 * <p>The journal thread takes and releases; {@link #prepare} does the slow work on another thread. The lock is never
 * held during I/O.
 */
final class JournalFiles {

    /** Size of a file that the journal thread must make itself because none is prepared. */
    static final long SMALL_FILE_BYTES = 1024 * 1024;

    /** Released files that wait to be used again; further ones are deleted. */
    private static final int POOL_COUNT = 2;

    private static final int ZERO_BYTES = 256 * 1024;
    /** Zero-filling syncs this often, so that it leaves no mountain of dirty pages in the way of the journal's sync. */
    private static final long ZERO_SYNC_BYTES = 4 * 1024 * 1024;

    /** Space that is held for the day when nothing is free; see {@link #keepReserve}. */
    static final long RESERVE_BYTES = 4 * 1024 * 1024;

    /** With less than this many times the reserve free none is made. */
    private static final int RESERVE_SHARE = 4;

    static final String RESERVE = DataDirectory.JOURNAL + "/reserve";

    private static final String TEMPORARY_RESERVE = DataDirectory.JOURNAL + "/reserve.tmp";
    private static final String TEMPORARY = DataDirectory.JOURNAL + "/next.tmp";
    private static final String TEMPORARY_SMALL = DataDirectory.JOURNAL + "/small.tmp";

    /** A file that exists under its number and holds no header of that number. */
    record Spare(long number, long bytes) {}

    private final Disk disk;
    private final long fileBytes;
    private final Object lock = new Object();
    /** Guarded by the lock. Under numbers of their former use. */
    private final Deque<Spare> released = new ArrayDeque<>();
    /** Guarded by the lock. */
    private @Nullable Spare prepared;
    /** Guarded by the lock. */
    private long nextNumber;
    /** Guarded by the lock. */
    private boolean preparing;

    private volatile boolean reserved;
    /** Given back, and not held again yet. */
    private volatile boolean given;

    JournalFiles(Disk disk, long fileBytes, long nextNumber) {
        this.disk = disk;
        reserved = disk.size(RESERVE) > 0;
        given = lacksReserve(disk);
        this.fileBytes = fileBytes;
        this.nextNumber = nextNumber;
    }

    /** Takes over a file that nothing needs any more. */
    void release(Spare file) {
        synchronized (lock) {
            released.add(file);
        }
    }

    /** Whether {@link #prepare} has something to do beyond preparing the next file. */
    boolean hasReleased() {
        synchronized (lock) {
            return released.size() > POOL_COUNT || (prepared == null && !released.isEmpty());
        }
    }

    boolean hasPrepared() {
        synchronized (lock) {
            return prepared != null || preparing;
        }
    }

    /**
     * Makes the next file ready and deletes released ones beyond the pool. Any thread but the journal's, one at a
     * time.
     */
    void prepare() {
        List<Spare> excess = new ArrayList<>();
        Spare candidate = null;
        long number = 0;
        boolean wanted;
        synchronized (lock) {
            Check.that(!preparing, "two threads prepare journal files");
            wanted = prepared == null;
            if (wanted) {
                preparing = true;
                candidate = pollReusable(excess);
                number = nextNumber++;
            }
            while (released.size() > POOL_COUNT) {
                excess.add(released.removeFirst());
            }
        }
        try {
            Spare next = wanted ? makeReadyOrReturn(candidate, number, fileBytes, TEMPORARY) : null;
            synchronized (lock) {
                prepared = next == null ? prepared : next;
            }
        } finally {
            synchronized (lock) {
                preparing = wanted ? false : preparing;
            }
        }
        delete(excess);
    }

    /**
     * Deletes all released files and, on a {@code full} disk, the prepared one: there they are worth more as space.
     * Threads as {@link #prepare}.
     */
    void deleteUnused(boolean full) {
        List<Spare> all;
        synchronized (lock) {
            all = new ArrayList<>(released);
            released.clear();
            if (full && prepared != null) {
                all.add(prepared);
                prepared = null;
            }
        }
        delete(all);
    }

    /**
     * Holds some space that {@link #giveReserve} gives back, unless little is free or it is held already. Threads as
     * {@link #prepare}.
     *
     * @param freeBytes as far as is known
     */
    void keepReserve(long freeBytes) {
        if (!reserved && isRoomForReserve(freeBytes)) {
            fillWithZeros(TEMPORARY_RESERVE, RESERVE_BYTES);
            disk.rename(TEMPORARY_RESERVE, RESERVE);
            disk.syncDirectory(DataDirectory.JOURNAL);
            reserved = true;
            given = false;
        }
    }

    /** Gives back what {@link #keepReserve} holds; false where that is nothing. Any thread. */
    boolean giveReserve() {
        if (!reserved) {
            return false;
        }
        empty();
        reserved = false;
        given = true;
        return true;
    }

    /** See {@link JournalWriter#lacksReserve}. */
    static boolean lacksReserve(Disk disk) {
        try {
            return disk.exists(RESERVE) && disk.size(RESERVE) == 0 && !isRoomForReserve(disk.freeBytes());
        } catch (StorageException e) {
            if (e.passes()) {
                return false; // as long as nobody can tell
            }
            throw e;
        }
    }

    /** Its name stays, so that the next process knows. */
    private void empty() {
        try (DiskFile file = disk.open(RESERVE, false)) {
            file.truncate(0);
        } catch (StorageException e) {
            if (!e.passes()) {
                throw e;
            }
            disk.delete(RESERVE);
        }
    }

    private static boolean isRoomForReserve(long freeBytes) {
        return freeBytes >= RESERVE_SHARE * RESERVE_BYTES;
    }

    /** Whether the reserve was given and there has not been room for it since. */
    boolean isReserveGiven() {
        return given;
    }

    private @Nullable Spare pollReusable(List<Spare> excess) {
        for (Spare file = released.pollFirst(); file != null; file = released.pollFirst()) {
            if (file.bytes() == fileBytes) {
                return file;
            }
            excess.add(file);
        }
        return null;
    }

    private void delete(List<Spare> files) {
        for (Spare file : files) {
            disk.delete(JournalLayout.path(file.number()));
        }
        if (!files.isEmpty()) {
            disk.syncDirectory(DataDirectory.JOURNAL);
        }
    }

    /** A file for the journal thread: the prepared one, a released one, or a small one made on the spot. */
    Spare take(long bytesAtLeast) {
        Spare candidate;
        long number;
        synchronized (lock) {
            if (prepared != null) {
                Spare ready = prepared;
                prepared = null;
                return ready;
            }
            candidate = released.pollFirst();
            number = nextNumber++;
        }
        return makeReadyOrReturn(
                candidate, number, Math.max(Math.min(SMALL_FILE_BYTES, fileBytes), bytesAtLeast), TEMPORARY_SMALL);
    }

    /** As {@link #makeReady}; what a failure that passes leaves over is there for the next attempt. */
    private Spare makeReadyOrReturn(@Nullable Spare candidate, long number, long bytes, String temporary) {
        try {
            return makeReady(candidate, number, bytes, temporary);
        } catch (StorageException e) {
            String path = JournalLayout.path(number);
            if (e.passes() && disk.exists(path)) {
                // It has its name, and its directory waits for its sync: that comes with the next name.
                release(new Spare(number, candidate == null ? bytes : candidate.bytes()));
            } else if (candidate != null) {
                release(candidate);
            }
            throw e;
        }
    }

    /** Renames {@code candidate} to its new number, or fills a new file with zeros. Durable on return. */
    private Spare makeReady(@Nullable Spare candidate, long number, long bytes, String temporary) {
        String path = JournalLayout.path(number);
        long size = bytes;
        if (candidate == null) {
            fillWithZeros(temporary, bytes);
            disk.rename(temporary, path);
        } else {
            size = candidate.bytes();
            disk.rename(JournalLayout.path(candidate.number()), path);
        }
        disk.syncDirectory(DataDirectory.JOURNAL);
        return new Spare(number, size);
    }

    /** Zeros are really written: blocks that exist already make the journal's later sync cheaper. */
    private void fillWithZeros(String path, long bytes) {
        try (DiskFile file = disk.open(path, true)) {
            file.truncate(0);
            writeZeros(file, 0, bytes);
        } catch (StorageException e) {
            if (e.passes()) {
                disk.delete(path);
            }
            throw e;
        }
    }

    /** Durable on return. */
    static void writeZeros(DiskFile file, long from, long to) {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZERO_BYTES, to - from));
        long synced = from;
        for (long at = from; at < to; at += zeros.capacity()) {
            int part = (int) Math.min(zeros.capacity(), to - at);
            file.write(new ByteBuffer[] {zeros.duplicate().clear().limit(part)}, at);
            if (at - synced >= ZERO_SYNC_BYTES) {
                file.sync();
                synced = at;
            }
        }
        file.sync();
    }

    /** Writes the header that begins a use of {@code file}. Not durable on return. */
    static void writeHeader(DiskFile file, FileHeader header) {
        ByteBuffer area = ByteBuffer.allocateDirect(JournalLayout.FILE_DATA_AT);
        JournalLayout.writeFileHeader(area, header);
        file.write(new ByteBuffer[] {area}, 0);
    }

    /** Removes what an interrupted preparation left. */
    static void deleteTemporaries(Disk disk) {
        disk.delete(TEMPORARY);
        disk.delete(TEMPORARY_SMALL);
        disk.delete(TEMPORARY_RESERVE);
        disk.delete(DataDirectory.JOURNAL + "/" + FailureProbe.TRIAL_NAME);
    }
}
