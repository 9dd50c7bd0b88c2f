package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The section of the state file that describes the segments, version 2.
 *
 * <pre>
 * byte version, int partitions
 * per partition: int number, directory (varint length, UTF-8), long endOffset, int segments
 * per segment:   long baseOffset, endOffset, bytes, firstPublishTimeMs, lastPublishTimeMs, lastLogTimeMs;
 *                byte sealed (0 or 1)
 * </pre>
 *
 * <p>Version 1 has no {@code lastLogTimeMs}: it was the last publish time.
 */
final class SegmentState {

    private static final int VERSION = 2;
    private static final int VERSION_1 = 1;
    private static final int PARTITIONS_MAX = 1 << 24;
    private static final int SEGMENTS_MAX = 1 << 24;

    private SegmentState() {}

    static void write(ByteWriter out, Collection<PartitionSegments> partitions) {
        out.put(VERSION).putInt(partitions.size());
        for (PartitionSegments partition : partitions) {
            Segment[] list = partition.segments;
            out.putInt(partition.partition).putString(partition.directory);
            out.putLong(partition.endOffset).putInt(list.length);
            for (Segment segment : list) {
                segment.writeState(out);
            }
        }
    }

    /**
     * Reads what {@link #write} wrote; no file is touched.
     *
     * @throws DamagedException where it does not hold together
     */
    static List<PartitionSegments> read(ByteReader in, Supplier<SparseIndex> indexes) {
        List<PartitionSegments> partitions = new ArrayList<>();
        int version = in.readByte();
        boolean valid = version == VERSION || version == VERSION_1;
        int count = in.readInt();
        valid &= count >= 0 && count <= PARTITIONS_MAX;
        for (int i = 0; valid && i < count && !in.failed(); i++) {
            PartitionSegments partition = new PartitionSegments(in.readInt(), in.readString());
            partition.endOffset = in.readLong();
            valid = readSegments(in, partition, indexes, version != VERSION_1);
            partitions.add(partition);
        }
        if (!valid || !in.consumed()) {
            throw DamagedException.file("state", in.position(), "section does not hold together");
        }
        return partitions;
    }

    private static boolean readSegments(
            ByteReader in, PartitionSegments partition, Supplier<SparseIndex> indexes, boolean timed) {
        int count = in.readInt();
        if (count < 0 || count > SEGMENTS_MAX) {
            return false;
        }
        List<Segment> list = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            list.add(Segment.readState(in, partition.directory, partition.partition, indexes.get(), timed));
        }
        partition.segments = list.toArray(new Segment[0]);
        return true;
    }
}
