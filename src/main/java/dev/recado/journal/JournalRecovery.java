package dev.recado.journal;

import dev.recado.core.message.EntryHeader;
import dev.recado.journal.JournalLayout.FileHeader;
import dev.recado.journal.RecoveredJournal.JournalFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /** Hears of damage, which is then passed over; null where the first one is thrown. */
    private final @Nullable Consumer<DamagedException> passOver;

    private final RecordReader records;
    private final List<JournalFile> spares = new ArrayList<>();
    private final List<Started> started = new ArrayList<>();
    private long nextNumber = 1;

    private record Started(FileHeader header, long bytes) {
        String path() {
            return JournalLayout.path(header.number());
        }
    }

    private JournalRecovery(
            Disk disk, long from, Visitor visitor, boolean rewriting, @Nullable Consumer<DamagedException> passOver) {
        this.disk = disk;
        this.from = from;
        this.rewriting = rewriting;
        this.passOver = passOver;
        records = new RecordReader(visitor, passOver);
    }

    /**
     * Replays the journal. On return everything that was visited is durable.
     *
     * @param fromPosition logical position of the last checkpoint, 0 without one: where a group begins
     * @throws DamagedException where something that was durable cannot be read; what was visited before stands
     */
    public static RecoveredJournal recover(Disk disk, long fromPosition, Visitor visitor) {
        return new JournalRecovery(disk, fromPosition, visitor, true, null).run();
    }

    /**
     * As {@link #recover}, past all damage: {@code onDamage} hears of each, and the visitor gets every entry that is
     * still sound; the indexes of a shard tell it which ones are lost. Who goes on from the answer has to write a state
     * beyond it at once.
     *
     * @param rewriting false for a mere look, which writes nothing: nobody may go on from its answer
     */
    public static RecoveredJournal salvage(
            Disk disk, long fromPosition, Visitor visitor, Consumer<DamagedException> onDamage, boolean rewriting) {
        return new JournalRecovery(disk, fromPosition, visitor, rewriting, onDamage).run();
    }

    /** One that knows the files and reads no group. */
    private static JournalRecovery listing(Disk disk) {
        JournalRecovery journal =
                new JournalRecovery(disk, 0, (position, bytes, from, length, header) -> {}, false, null);
        journal.listFiles();
        return journal;
    }

    /** What was recovered, with the files that are there now: a resume may have failed in between. */
    public static RecoveredJournal listedAgain(Disk disk, RecoveredJournal recovered) {
        JournalRecovery journal = listing(disk);
        Set<Long> used = new HashSet<>();
        recovered.files().forEach(file -> used.add(file.number()));
        List<JournalFile> spares = new ArrayList<>(journal.spares);
        for (Started begun : journal.started) {
            spares.add(new JournalFile(begun.header().number(), 0, begun.bytes()));
        }
        spares.removeIf(file -> used.contains(file.number()));
        return new RecoveredJournal(
                recovered.endPosition(),
                recovered.nextSequence(),
                recovered.files(),
                List.copyOf(spares),
                Math.max(recovered.nextNumber(), journal.nextNumber),
                recovered.shards(),
                recovered.tornTail());
    }

    /** Logical position at which the files in use begin; -1 where there is none. */
    static long firstPosition(Disk disk) {
        JournalRecovery journal = listing(disk);
        return journal.started.isEmpty() ? -1 : journal.started.get(0).header().basePosition();
    }

    private RecoveredJournal run() {
        listFiles();
        int first = -1;
        for (int i = 0; i < started.size(); i++) {
            first = started.get(i).header().basePosition() <= from ? i : first;
        }
        if (first < 0 && from == 0 && started.isEmpty()) {
            checkHeaderless(0, 0);
            if (DataDirectory.holdsSegments(disk)) {
                // They are written from what the journal held.
                damaged(DamagedException.file(
                        DataDirectory.JOURNAL, 0, "no file of it is in use, though segments hold messages"));
            }
            return recovered(0, 0, false);
        }
        if (first < 0) {
            damaged(DamagedException.file(DataDirectory.JOURNAL, 0, "no file holds the start position=" + from));
            first = 0;
        }
        GroupReader last = started.isEmpty() ? null : readFiles(first);
        checkHeaderless(last == null ? 0 : last.nextSequence(), last == null ? 0 : last.position());
        if (last == null || last.position() < from) {
            // Nothing is left behind the start: numbers go on above all that there can have been.
            started.clear();
            return recovered(from, from / JournalLayout.SECTOR_BYTES + 1, false);
        }
        return recovered(last.position(), last.nextSequence(), last.torn());
    }

    private RecoveredJournal recovered(long end, long nextSequence, boolean torn) {
        List<JournalFile> files = new ArrayList<>();
        for (Started file : started) {
            files.add(new JournalFile(file.header().number(), file.header().basePosition(), file.bytes()));
        }
        return new RecoveredJournal(end, nextSequence, files, List.copyOf(spares), nextNumber, records.tails(), torn);
    }

    /** Throws, or tells who wants damage passed over. */
    private void damaged(DamagedException damage) {
        if (passOver == null) {
            throw damage;
        }
        passOver.accept(damage);
    }

    /**
     * A file without a valid header is ready for its first use, or the crash came before its first group was durable;
     * where it holds groups that prove more durable than was read, its header was damaged.
     */
    private void checkHeaderless(long nextSequence, long end) {
        for (JournalFile spare : spares) {
            String path = JournalLayout.path(spare.number());
            try (DiskFile file = disk.open(path, false)) {
                if (GroupReader.provenWithoutHeader(file, nextSequence) > end) {
                    damaged(DamagedException.file(path, 0, "invalid file header before groups that were durable"));
                }
            }
        }
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

    private @Nullable GroupReader readFiles(int first) {
        GroupReader reader = null;
        for (int i = first; i < started.size(); i++) {
            Started file = started.get(i);
            boolean last = i == started.size() - 1;
            long end = last ? Long.MAX_VALUE : started.get(i + 1).header().basePosition();
            try (DiskFile open = disk.open(file.path(), false)) {
                reader = new GroupReader(open, file.path(), file.header(), passOver == null ? reader : null);
                readFile(reader, Math.max(from, file.header().basePosition()), end);
                if (last) {
                    readTail(reader);
                    makeDurable(open, reader);
                }
            }
        }
        return reader;
    }

    /** Makes sure that the end is the end; past damage, reads what is sound behind it. */
    private void readTail(GroupReader reader) {
        while (true) {
            try {
                reader.checkTail();
                return;
            } catch (DamagedException damage) {
                damaged(damage);
                reader.skipDamage(Long.MAX_VALUE);
                readGroups(reader, Long.MAX_VALUE);
            }
        }
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
        try {
            reader.seek(start);
        } catch (DamagedException damage) {
            damaged(damage);
            return;
        }
        while (!readGroups(reader, end)) {
            damaged(DamagedException.file(reader.path(), reader.offset(), "invalid group before a later file"));
            if (!reader.skipDamage(end)) {
                return;
            }
        }
        if (end != Long.MAX_VALUE && reader.position() != end) {
            damaged(DamagedException.file(
                    reader.path(), reader.offset(), "the next file begins elsewhere position=" + end));
        }
    }

    /** Reads groups up to {@code end}; false where an invalid one comes before. */
    private boolean readGroups(GroupReader reader, long end) {
        while (reader.position() < end) {
            long position = reader.position();
            long offset = reader.offset();
            byte[] body = reader.next();
            if (body == null) {
                return end == Long.MAX_VALUE;
            }
            records.read(reader.path(), offset, position, body);
        }
        return true;
    }
}
