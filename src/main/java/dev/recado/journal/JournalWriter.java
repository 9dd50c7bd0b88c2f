package dev.recado.journal;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.journal.JournalFiles.Spare;
import dev.recado.journal.JournalLayout.FileHeader;
import dev.recado.journal.RecoveredJournal.JournalFile;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends groups of records to the journal. Owned by the journal thread, which must never be interrupted; only
 * {@link #prepareNext} belongs to another thread.
 *
 * <p>A failed write, sync or rename poisons the writer: every later call throws the same {@link StorageException} and
 * the process has to stop. What passes by itself, as a full disk, does not: the gathered group stays and {@link #write}
 * may be called again.
 */
public final class JournalWriter implements AutoCloseable {

    /** What {@link #giveReserve} gives. */
    public static final long RESERVE_BYTES = JournalFiles.RESERVE_BYTES;

    private final Disk disk;
    private final JournalFiles files;
    private final LongSupplier salts;
    private final GatherBuffer gathering = new GatherBuffer();
    private final ByteBuffer headerArea = ByteBuffer.allocateDirect(JournalLayout.FILE_DATA_AT);
    private final ByteWriter record = new ByteWriter(256);
    private final OlderFiles older;

    private Active active;
    private long nextSequence;
    /** Position behind the last synced group. */
    private long syncedPosition;
    /** Position behind the last group that holds a record. */
    private long recordedPosition;
    /** What the last written group or file header says is synced. */
    private long provenPosition;
    /** Whether the active file is so full that its successor should be prepared; read by any thread. */
    private volatile boolean nextWanted;

    private volatile long oldestPosition;
    private @Nullable StorageException poison;

    /** The file being written. */
    private static final class Active {
        final long number;
        final long bytes;
        final FileHeader header;
        final DiskFile file;
        boolean headerWritten;
        boolean headerDurable;
        /** Where the next group goes. */
        long end = JournalLayout.FILE_DATA_AT;

        Active(Spare spare, FileHeader header, DiskFile file) {
            number = spare.number();
            bytes = spare.bytes();
            this.header = header;
            this.file = file;
        }

        long position() {
            return header.basePosition() + end - JournalLayout.FILE_DATA_AT;
        }
    }

    private JournalWriter(
            Disk disk, JournalSettings settings, RecoveredJournal recovered, long kept, LongSupplier salts) {
        this.disk = disk;
        this.salts = salts;
        files = new JournalFiles(disk, settings.fileBytes(), recovered.nextNumber());
        nextSequence = recovered.nextSequence();
        syncedPosition = recovered.endPosition();
        recordedPosition = syncedPosition;
        provenPosition = syncedPosition;
        for (JournalFile spare : recovered.spares()) {
            files.release(new Spare(spare.number(), spare.bytes()));
        }
        older = new OlderFiles(disk, files, recovered.files());
        older.keepLast(kept);
        active = beginWithinSpace(recovered);
    }

    /** Begins a journal in a directory that has none. Durable on return; takes milliseconds. */
    public static JournalWriter create(Disk disk, JournalSettings settings) {
        return resume(disk, settings, RecoveredJournal.none());
    }

    /** As {@link #resume(Disk, JournalSettings, RecoveredJournal, long, LongSupplier)} keeping all that there is. */
    public static JournalWriter resume(Disk disk, JournalSettings settings, RecoveredJournal recovered) {
        SecureRandom random = new SecureRandom();
        return resume(disk, settings, recovered, 0, random::nextLong);
    }

    /**
     * Goes on behind what recovery found; a torn tail is cut. Durable on return; takes milliseconds, where the disk is
     * full seconds.
     *
     * @param kept below which neither state file needs anything, see {@link StateFile#keptFrom}
     * @param salts random numbers, which nobody can guess
     * @throws StorageException that passes: the same may be called again
     */
    public static JournalWriter resume(
            Disk disk, JournalSettings settings, RecoveredJournal recovered, long kept, LongSupplier salts) {
        disk.createDirectories(DataDirectory.JOURNAL);
        JournalFiles.deleteTemporaries(disk);
        JournalWriter writer = new JournalWriter(disk, settings, recovered, kept, salts);
        try {
            if (!writer.active.headerWritten) {
                writer.older.cutTail(recovered.endPosition());
                JournalFiles.writeHeader(writer.active.file, writer.active.header);
                writer.active.file.sync();
                writer.active.headerWritten = true;
                writer.active.headerDurable = true;
            }
        } catch (StorageException e) {
            writer.active.file.close();
            throw e;
        }
        writer.releaseUnneeded(kept);
        writer.updateMarks();
        return writer;
    }

    private Active begin(@Nullable Spare reused) {
        return open(reused != null ? reused : files.take(0), syncedPosition);
    }

    /** Begins a use of {@code spare}, which waits for the next attempt where it cannot be opened. */
    private Active open(Spare spare, long base) {
        FileHeader header = new FileHeader(spare.number(), salts.getAsLong(), base, nextSequence);
        try {
            return new Active(spare, header, disk.open(JournalLayout.path(spare.number()), false));
        } catch (StorageException e) {
            files.release(spare);
            throw e;
        }
    }

    /** Without space for a further file it goes on in the last one, or has the reserve. */
    private Active beginWithinSpace(RecoveredJournal recovered) {
        Spare reused = older.takeUnused(recovered.endPosition());
        try {
            return begin(reused);
        } catch (StorageException e) {
            JournalFile last = older.last();
            if (e.kind() != Kind.FULL) {
                throw e;
            } else if (last != null && roomIn(last) > 0) {
                older.removeLast();
                return goOnIn(last);
            } else if (files.giveReserve()) {
                return begin(null);
            }
            throw e;
        }
    }

    private long roomIn(JournalFile file) {
        return file.basePosition() + file.bytes() - JournalLayout.FILE_DATA_AT - syncedPosition;
    }

    /**
     * Writes zeros over what may lie torn behind the end, so that nothing of it can ever be taken for a group that
     * follows; no block of the file is new, so a full disk takes them.
     */
    private Active goOnIn(JournalFile last) {
        DiskFile file = disk.open(JournalLayout.path(last.number()), false);
        try {
            byte[] area = new byte[JournalLayout.FILE_DATA_AT];
            FileHeader header = JournalLayout.readFileHeader(area, file.read(ByteBuffer.wrap(area), 0));
            Check.that(header != null, "header of the last journal file", last.number());
            Active target = new Active(new Spare(last.number(), last.bytes()), Objects.requireNonNull(header), file);
            target.end = JournalLayout.FILE_DATA_AT + syncedPosition - last.basePosition();
            // A recovery that began at the end has but an upper bound, which within a file would read as a gap.
            long exact = GroupReader.sequenceBehind(file, target.header, target.end);
            nextSequence = exact < 0 ? nextSequence : exact;
            JournalFiles.writeZeros(file, target.end, last.bytes());
            target.headerWritten = true;
            target.headerDurable = true;
            return target;
        } catch (StorageException e) {
            file.close();
            throw e;
        }
    }

    /** Copies an entry, made by {@code EntryLayout}, into the gathering group. */
    public void add(byte[] bytes, int from, int length) {
        gathering.add(JournalLayout.KIND_ENTRY, bytes, from, length);
    }

    /** Adds the promise of {@code epoch} to {@code candidate}, which is at most 255 bytes of UTF-8. */
    public void addPromise(int shard, long epoch, String candidate, long nonce) {
        record.clear();
        record.putShort(shard).putLong(epoch).putLong(nonce).putString(candidate);
        gathering.add(JournalLayout.KIND_PROMISE, record.array(), 0, record.size());
    }

    /** Adds the truncation of a shard: its entries from {@code fromIndex} on are void. */
    public void addTruncate(int shard, long fromIndex, long epoch, long generation) {
        record.clear();
        record.putShort(shard).putLong(fromIndex).putLong(epoch).putLong(generation);
        gathering.add(JournalLayout.KIND_TRUNCATE, record.array(), 0, record.size());
    }

    /** Bytes of the records in the gathering group; at most 48 MiB. */
    public int gatheredBytes() {
        return gathering.bodyBytes();
    }

    /** Forgets the gathering group: only before {@link #write}, or after it met a full disk. */
    public void discard() {
        gathering.clear();
    }

    /**
     * Writes the gathered group with one gathering write; with {@code sync}, everything written so far is durable on
     * return. Nothing happens where nothing is gathered and nothing waits for a sync.
     *
     * @throws StorageException that passes: the group stays gathered and unwritten, the call may be repeated; otherwise
     *     of kind {@code FAILED}: the writer is poisoned and what the group's fate is cannot be told
     */
    public void write(boolean sync) {
        checkHealthy();
        try {
            if (gathering.bodyBytes() > 0) {
                writeGroup();
                recordedPosition = active.position();
            }
            if (sync) {
                syncActive();
            }
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
        updateMarks();
    }

    /** Makes what was written durable; the gathering group stays as it is. */
    public void syncWritten() {
        checkHealthy();
        try {
            syncActive();
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
        updateMarks();
    }

    /**
     * Writes an empty group that says how far everything is synced, unless the last group says so already. Without it
     * the last group could not be told from a torn one if the disk hurt it later. Cheap: for when the journal falls
     * idle.
     */
    public void writeMark() {
        checkHealthy();
        if (gathering.bodyBytes() > 0 || syncedPosition < active.position() || provenPosition >= recordedPosition) {
            return;
        }
        try {
            writeGroup();
        } catch (StorageException e) {
            throw poisonUnlessPassing(e);
        }
    }

    private void writeGroup() {
        long bytes = gathering.sealedBytes();
        if (active.end > JournalLayout.FILE_DATA_AT && active.end + bytes > active.bytes) {
            switchFile(bytes);
        }
        Active target = active;
        long salt = target.header.salt();
        if (target.headerWritten) {
            target.file.write(gathering.seal(salt, nextSequence, syncedPosition), target.end);
        } else {
            JournalLayout.writeFileHeader(headerArea, target.header);
            target.file.write(gathering.seal(salt, nextSequence, syncedPosition, headerArea), 0);
            target.headerWritten = true;
        }
        provenPosition = syncedPosition;
        target.end += bytes;
        nextSequence++;
        gathering.clear();
    }

    /** The old file is synced first, so that only the last file of a journal can have a torn tail. */
    private void switchFile(long bytes) {
        syncActive();
        Active old = active;
        Spare spare = files.take(JournalLayout.FILE_DATA_AT + bytes);
        active = open(spare, old.position());
        older.add(new JournalFile(old.number, old.header.basePosition(), old.file.size()));
        old.file.close();
    }

    private void syncActive() {
        long position = active.position();
        if (syncedPosition < position) {
            active.file.sync();
            active.headerDurable = true;
            syncedPosition = position;
        }
    }

    private void updateMarks() {
        oldestPosition = older.basePosition(active.header.basePosition());
        nextWanted = active.end * 2 >= active.bytes;
    }

    /**
     * Logical position behind the last written group; grows for ever. A group's own position is this before its write.
     */
    public long position() {
        return active.position();
    }

    /** Logical position below which everything is durable. */
    public long syncedPosition() {
        return syncedPosition;
    }

    /** Logical position at which the oldest kept file begins. Any thread. */
    public long oldestPosition() {
        return oldestPosition;
    }

    /**
     * Gives up files that lie wholly below {@code position}: where replay begins from the older of the two state files,
     * so that either of them can be started from.
     */
    public void releaseBelow(long position) {
        checkHealthy();
        Check.that(position <= active.position(), "release above the end", position, active.position());
        releaseUnneeded(position);
        updateMarks();
    }

    private void releaseUnneeded(long position) {
        if (active.headerDurable) {
            older.release(position, active.header.basePosition());
        } else {
            older.keepLast(position);
        }
    }

    /** Whether {@link #prepareNext} should be called soon. Any thread. */
    public boolean wantsNext() {
        return files.hasReleased() || (nextWanted && !files.hasPrepared());
    }

    /**
     * Makes the next file ready: recycles a released one or fills a new one with zeros, and deletes released files
     * beyond a small pool. Slow; for one thread that is not the journal's.
     *
     * @throws StorageException that passes, where there is no space: nothing is lost, it may be called again
     */
    public void prepareNext() {
        files.prepare();
    }

    /**
     * Instead of {@link #prepareNext} where the disk is low: all released files become space, and where it is {@code
     * full} the prepared one. Its thread.
     */
    public void deleteUnused(boolean full) {
        files.deleteUnused(full);
    }

    /**
     * Holds a little space back, unless it is held or little is free, for {@link #giveReserve} and for a start that
     * finds none for its next file. Thread and errors as {@link #prepareNext}.
     *
     * @param freeBytes as far as is known
     */
    public void keepReserve(long freeBytes) {
        files.keepReserve(freeBytes);
    }

    /** Makes the reserve free space, so that a checkpoint can be written; false where there is none. Any thread. */
    public boolean giveReserve() {
        return files.giveReserve();
    }

    /**
     * Whether an earlier process has given the reserve and there is no room for it: what is left of it is for the
     * journal. To be asked before {@link #resume}.
     */
    public static boolean lacksReserve(Disk disk) {
        return JournalFiles.lacksReserve(disk);
    }

    /**
     * Whether the disk was full, in this process or an earlier one, and there has not been room for the reserve since.
     * Any thread.
     */
    public boolean isReserveGiven() {
        return files.isReserveGiven();
    }

    private void checkHealthy() {
        if (poison != null) {
            throw poison;
        }
    }

    private StorageException poisonUnlessPassing(StorageException e) {
        if (!e.passes()) {
            poison = e;
        }
        return e;
    }

    /**
     * Syncs what was written and closes the file. A group that is still gathered is dropped: it was never written. The
     * mark that says how far all is synced is left out where there is no space for it.
     */
    @Override
    public void close() {
        if (poison == null) {
            gathering.clear();
            write(true);
            writeLastMark();
        }
        active.file.close();
    }

    private void writeLastMark() {
        try {
            writeMark();
            write(true);
        } catch (StorageException e) {
            if (!e.passes()) {
                throw e;
            }
        }
    }
}
