package dev.recado.journal;

import dev.recado.core.message.EntryHeader;
import dev.recado.journal.JournalLayout.FileHeader;
import dev.recado.journal.RecoveredJournal.JournalFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the journal from a position on and finds its end.
 *
 * <p>An invalid group is a torn tail, and not reported, only where nothing proves that it was durable: no later file,
 * no later valid group that says it was synced, and no start position above it. Everything else is damage and thrown,
 * with its place; never skipped.
 */
public final class JournalRecovery {

    /** Sees the records in the order in which they were written. */
    public interface Visitor {

        /**
         * An entry. The array is never changed afterwards and may be kept; it holds a whole group.
         *
         * @param position logical position of the group that holds it
         */
        void entry(long position, byte[] bytes, int from, int length, EntryHeader header);

        /** A promise; the last one of each shard is also in {@link RecoveredJournal#shards}. */
        default void promise(long position, int shard, long epoch, String candidate, long nonce) {}

        /** A shard's entries from {@code fromIndex} on are void. */
        default void truncate(long position, int shard, long fromIndex, long epoch, long generation) {}
    }

    private static final int REWRITE_BYTES = 256 * 1024;

    private final Disk disk;
    private final long from;
    /** Whether the unproven tail is made durable; a mere check writes nothing. */
    private final boolean rewriting;

    private final RecordReader records;
    private final List<JournalFile> spares = new ArrayList<>();
    private final List<Started> started = new ArrayList<>();
    private long nextNumber = 1;

    private record Started(FileHeader header, long bytes) {
        String path() {
            return JournalLayout.path(header.number());
        }
    }

    private JournalRecovery(Disk disk, long from, Visitor visitor, boolean rewriting) {
        this.disk = disk;
        this.from = from;
        this.rewriting = rewriting;
        records = new RecordReader(visitor);
    }

    /**
     * Replays the journal. On return everything that was visited is durable.
     *
     * @param fromPosition logical position of the last checkpoint, 0 without one: where a group begins
     * @throws DamagedException where something that was durable cannot be read; what was visited before stands
     */
    public static RecoveredJournal recover(Disk disk, long fromPosition, Visitor visitor) {
        return new JournalRecovery(disk, fromPosition, visitor, true).run();
    }

    /** As {@link #recover} without writing or syncing anything: nobody may go on from its answer. */
    static RecoveredJournal check(Disk disk, long fromPosition, Visitor visitor) {
        return new JournalRecovery(disk, fromPosition, visitor, false).run();
    }

    private RecoveredJournal run() {
        listFiles();
        int first = -1;
        for (int i = 0; i < started.size(); i++) {
            first = started.get(i).header().basePosition() <= from ? i : first;
        }
        if (first < 0) {
            if (from == 0 && started.isEmpty()) {
                return new RecoveredJournal(0, 0, List.of(), List.copyOf(spares), nextNumber, records.tails(), false);
            }
            throw DamagedException.file(DataDirectory.JOURNAL, 0, "no file holds the start position=" + from);
        }
        GroupReader last = readFiles(first);
        List<JournalFile> files = new ArrayList<>();
        for (Started file : started) {
            files.add(new JournalFile(file.header().number(), file.header().basePosition(), file.bytes()));
        }
        return new RecoveredJournal(
                last.position(),
                last.nextSequence(),
                files,
                List.copyOf(spares),
                nextNumber,
                records.tails(),
                last.torn());
    }

    /** Files whose header bears another number wait for their use; the others are in use, ordered by position. */
    private void listFiles() {
        byte[] area = new byte[JournalLayout.FILE_DATA_AT];
        for (String name : disk.list(DataDirectory.JOURNAL)) {
            long number = JournalLayout.number(name);
            if (number < 0) {
                continue;
            }
            nextNumber = Math.max(nextNumber, number + 1);
            try (DiskFile file = disk.open(DataDirectory.JOURNAL + "/" + name, false)) {
                int length = file.read(ByteBuffer.wrap(area), 0);
                FileHeader header = JournalLayout.readFileHeader(area, length);
                if (header != null && header.number() == number) {
                    started.add(new Started(header, file.size()));
                } else {
                    spares.add(new JournalFile(number, 0, file.size()));
                }
            }
        }
        started.sort(Comparator.comparingLong(file -> file.header().basePosition()));
    }

    private GroupReader readFiles(int first) {
        GroupReader reader = null;
        for (int i = first; i < started.size(); i++) {
            Started file = started.get(i);
            boolean last = i == started.size() - 1;
            long end = last ? Long.MAX_VALUE : started.get(i + 1).header().basePosition();
            try (DiskFile open = disk.open(file.path(), false)) {
                reader = new GroupReader(open, file.path(), file.header(), reader);
                readFile(reader, i == first ? from : file.header().basePosition(), end);
                if (last) {
                    reader.checkTail();
                    makeDurable(open, reader);
                }
            }
        }
        if (reader == null) {
            throw new AssertionError("no journal file to read");
        }
        return reader;
    }

    /**
     * What may only be in the page cache becomes the base of later acknowledgements. It is written once more before the
     * sync: after a sync that failed in an earlier life the cache calls pages clean that never reached the disk.
     */
    private void makeDurable(DiskFile file, GroupReader reader) {
        if (!rewriting) {
            return;
        }
        rewrite(file, 0, JournalLayout.FILE_DATA_AT);
        rewrite(file, reader.provenOffset(), reader.offset());
        file.sync();
        disk.syncDirectory(DataDirectory.JOURNAL);
    }

    private static void rewrite(DiskFile file, long from, long to) {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(REWRITE_BYTES, to - from));
        long at = from;
        while (at < to) {
            int length = file.read(piece.clear().limit((int) Math.min(piece.capacity(), to - at)), at);
            if (length == 0) {
                // The file is shorter than its header area: somebody cut it, and nothing of it was believed.
                return;
            }
            file.write(new ByteBuffer[] {piece.flip()}, at);
            at += length;
        }
    }

    private void readFile(GroupReader reader, long start, long end) {
        reader.seek(start);
        while (reader.position() < end) {
            long position = reader.position();
            long offset = reader.offset();
            byte[] body = reader.next();
            if (body != null) {
                records.read(reader.path(), offset, position, body);
            } else if (end == Long.MAX_VALUE) {
                return;
            } else {
                throw DamagedException.file(reader.path(), offset, "invalid group before a later file");
            }
        }
        if (reader.position() != end) {
            throw DamagedException.file(
                    reader.path(), reader.offset(), "the next file begins elsewhere position=" + end);
        }
    }
}
