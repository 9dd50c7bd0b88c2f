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

    /** Every round removes one damage; a journal has at most a few files to lose. */
    private static final int ROUNDS_MAX = 64;

    /**
     * What a check found.
     *
     * @param damages one per place; empty where all is well
     * @param entryCount valid entries in the journal past the last checkpoint
     * @param segmentCount segments that were read whole
     * @param segmentBytes bytes in them
     */
    public record Report(List<DamagedException> damages, long entryCount, int segmentCount, long segmentBytes) {}

    private static final class Counter implements JournalRecovery.Visitor {
        long entryCount;

        @Override
        public void entry(long position, byte[] bytes, int from, int length, EntryHeader header) {
            entryCount++;
        }
    }

    private final Disk disk;
    private final List<DamagedException> damages = new ArrayList<>();
    private final Counter counter = new Counter();
    private int segmentCount;
    private long segmentBytes;

    private Repair(Disk disk) {
        this.disk = disk;
    }

    /** Reads everything that must be readable; writes nothing. */
    public static Report verify(Disk disk) {
        Repair repair = new Repair(disk);
        State state = repair.readState();
        if (repair.damages.isEmpty()) {
            DamagedException damage = repair.checkJournal(state == null ? 0 : state.journalPosition());
            if (damage != null) {
                repair.damages.add(damage);
            }
            repair.segments(state, false);
        }
        return repair.report();
    }

    /**
     * Copies what is damaged to the folder {@code damaged}, then cuts it out: the journal ends at its first damage, and
     * damaged records of segments become gaps. Durable on return. State files that are both unreadable are beyond this.
     *
     * @return what was damaged; what {@link #verify} still finds afterwards could not be mended
     */
    public static Report acceptLoss(Disk disk) {
        Repair repair = new Repair(disk);
        State state = repair.readState();
        if (repair.damages.isEmpty()) {
            disk.createDirectories(DataDirectory.DAMAGED);
            repair.mendJournal(state == null ? 0 : state.journalPosition());
            repair.segments(state, true);
        }
        return repair.report();
    }

    private Report report() {
        return new Report(List.copyOf(damages), counter.entryCount, segmentCount, segmentBytes);
    }

    private @Nullable State readState() {
        try {
            return StateFile.read(disk);
        } catch (DamagedException e) {
            damages.add(e);
            return null;
        }
    }

    private @Nullable DamagedException checkJournal(long from) {
        counter.entryCount = 0;
        try {
            JournalRecovery.check(disk, from, counter);
            return null;
        } catch (DamagedException e) {
            return e;
        }
    }

    private void mendJournal(long from) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            DamagedException damage = checkJournal(from);
            if (damage == null) {
                return;
            }
            damages.add(damage);
            JournalRepair.cut(disk, from, damage);
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
                        disk.exists(segment.path + SegmentLayout.DELETED_SUFFIX) || trash.holds(partition.partition);
                if (disk.exists(segment.path) || !deleted) {
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
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.MISSING) {
                throw e;
            }
            return DamagedException.partition(segment.path, 0, segment.partition, "segment is missing");
        }
    }

    /** Copies a file to the folder of what was damaged, under a name that is still free. */
    static void saveCopy(Disk disk, String path) {
        String name = path.replace('/', '_');
        int attempt = 0;
        while (disk.exists(DataDirectory.DAMAGED + "/" + name + "-" + attempt)) {
            attempt++;
        }
        String target = DataDirectory.DAMAGED + "/" + name + "-" + attempt;
        try (DiskFile from = disk.open(path, false);
                DiskFile to = disk.open(target, true)) {
            copy(from, to);
            to.sync();
        }
        disk.syncDirectory(DataDirectory.DAMAGED);
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
