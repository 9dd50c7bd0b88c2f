package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.EntryHeader;
import dev.recado.journal.StateFile.State;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Checks a data directory on which no broker runs, and cuts out damage where its owner accepts the loss. The caller
 * holds the directory's lock.
 */
public final class Repair {

    /**
     * What a check found.
     *
     * @param damages one per place; empty where all is well
     * @param stateLost whether no state file is readable, so that nothing tells what the segments hold
     * @param gaps what damaged segments have lost
     * @param journal where the journal ends; null where no state file is readable
     * @param entryCount valid entries in the journal past the last checkpoint
     * @param segmentCount segments that were read whole
     * @param segmentBytes bytes in them
     */
    public record Report(
            List<DamagedException> damages,
            boolean stateLost,
            List<Gap> gaps,
            @Nullable RecoveredJournal journal,
            long entryCount,
            int segmentCount,
            long segmentBytes) {}

    /** Messages from offset {@code from} to below {@code to} that cannot be read, or were left out as finished. */
    public record Gap(int partition, long from, long to) {}

    private static final class Counter implements JournalRecovery.Visitor {
        long entryCount;
        JournalRecovery.@Nullable Visitor next;

        @Override
        public void entry(long position, byte[] bytes, int from, int length, EntryHeader header) {
            entryCount++;
            if (next != null) {
                next.entry(position, bytes, from, length, header);
            }
        }
    }

    private final Disk disk;
    private final List<DamagedException> damages = new ArrayList<>();
    private final Counter counter = new Counter();
    private final List<Gap> gaps = new ArrayList<>();
    private @Nullable RecoveredJournal journal;
    private boolean stateLost;
    private int segmentCount;
    private long segmentBytes;

    private Repair(Disk disk) {
        this.disk = disk;
    }

    /** Reads everything that must be readable; writes nothing. */
    public static Report verify(Disk disk) {
        return verify(disk, (position, bytes, from, length, header) -> {});
    }

    /** As {@link #verify(Disk)}; the visitor sees every sound entry and may call it unsound. */
    public static Report verify(Disk disk, JournalRecovery.Visitor visitor) {
        Repair repair = new Repair(disk);
        repair.counter.next = visitor;
        State state = repair.readState();
        if (!repair.stateLost) {
            long from = state == null ? 0 : state.journalPosition();
            repair.journal = JournalRecovery.salvage(disk, from, repair.counter, repair.damages::add, false);
            repair.segments(state, false);
        }
        return repair.report();
    }

    /**
     * Copies damaged segments, journal files and state files to the folder {@code damaged}, and turns damaged records
     * of segments into gaps. Durable on return. The journal stays as it is: who accepts its loss starts past the
     * damage.
     * Where neither state file is readable nothing is changed.
     *
     * @return what was damaged
     */
    public static Report mendSegments(Disk disk) {
        Report found = verify(disk);
        Repair repair = new Repair(disk);
        State state = repair.readState();
        if (!repair.stateLost) {
            disk.createDirectories(DataDirectory.DAMAGED);
            found.damages().stream()
                    .filter(damage -> damage.partition() == DamagedException.ALL)
                    .map(DamagedException::file)
                    .distinct()
                    .filter(file -> !file.equals(DataDirectory.JOURNAL) && disk.exists(file))
                    .forEach(file -> saveCopy(disk, file));
            repair.segments(state, true);
        }
        return found;
    }

    private Report report() {
        return new Report(
                List.copyOf(damages),
                stateLost,
                List.copyOf(gaps),
                journal,
                counter.entryCount,
                segmentCount,
                segmentBytes);
    }

    private @Nullable State readState() {
        for (String file : StateFile.unreadable(disk)) {
            damages.add(DamagedException.file(file, 0, "state file cannot be read"));
        }
        try {
            return StateFile.read(disk);
        } catch (DamagedException e) {
            stateLost = true;
            if (damages.isEmpty()) {
                damages.add(e); // no file of a state is damaged, but what needs one
            }
            return null;
        }
    }

    private void segments(@Nullable State state, boolean mend) {
        byte @Nullable [] section = state == null ? null : state.sections().get(SegmentStore.STATE_SECTION);
        if (section == null) {
            return;
        }
        AtomicInteger noIndex = new AtomicInteger();
        List<PartitionSegments> partitions;
        try {
            partitions = SegmentState.read(new ByteReader(section), () -> new SparseIndex(1 << 20, noIndex));
        } catch (DamagedException e) {
            damages.add(e);
            return;
        }
        SegmentTrash trash = new SegmentTrash(disk, 0);
        for (PartitionSegments partition : partitions) {
            for (Segment segment : partition.segments) {
                boolean deleted =
                        disk.exists(segment.path() + SegmentLayout.DELETED_SUFFIX) || trash.holds(partition.partition);
                if (disk.exists(segment.path()) || !deleted) {
                    segment(segment, mend);
                }
            }
        }
    }

    private void segment(Segment segment, boolean mend) {
        segmentCount++;
        segmentBytes += segment.bytes;
        DamagedException damage = checkSegment(segment);
        if (damage != null) {
            damages.add(damage);
            gaps.addAll(SegmentRepair.gaps(disk, segment));
            if (mend) {
                SegmentRepair.mend(disk, segment);
            }
        }
    }

    private @Nullable DamagedException checkSegment(Segment segment) {
        try (SegmentScanner scanner =
                new SegmentScanner(disk, segment, SegmentLayout.FILE_HEADER_BYTES, GatherBuffer.CHUNK_BYTES)) {
            boolean more = true;
            while (more) {
                more = scanner.next() != null;
            }
            return null;
        } catch (DamagedException e) {
            return e;
        }
    }

    /** Copies a file to the folder of what was damaged, under a name that is still free. */
    static void saveCopy(Disk disk, String path) {
        try (DiskFile from = disk.open(path, false);
                DiskFile to = disk.open(freeName(disk, path), true)) {
            copy(from, to);
            to.sync();
        }
        disk.syncDirectory(DataDirectory.DAMAGED);
    }

    /** What is no file goes there as it is. Durable with a sync of its directory. */
    static void moveAway(Disk disk, String path) {
        disk.rename(path, freeName(disk, path));
        disk.syncDirectory(DataDirectory.DAMAGED);
    }

    private static String freeName(Disk disk, String path) {
        String name = path.replace('/', '_');
        int attempt = 0;
        while (disk.exists(DataDirectory.DAMAGED + "/" + name + "-" + attempt)) {
            attempt++;
        }
        return DataDirectory.DAMAGED + "/" + name + "-" + attempt;
    }

    private static void copy(DiskFile from, DiskFile to) {
        ByteBuffer piece = ByteBuffer.allocate(GatherBuffer.CHUNK_BYTES);
        long at = 0;
        for (int length = from.read(piece, at); length > 0; length = from.read(piece.clear(), at)) {
            to.write(new ByteBuffer[] {piece.flip()}, at);
            at += length;
        }
    }
}
