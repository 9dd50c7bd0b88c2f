package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The section of the state file that describes the segments, version 1.
 *
 * <pre>
 * byte version, int partitions
 * per partition: int number, directory (varint length, UTF-8), long endOffset, int segments
 * per segment:   long baseOffset, endOffset, bytes, firstPublishTimeMs, lastPublishTimeMs; byte sealed (0 or 1)
 * </pre>
 */
final class SegmentState {

    private static final int VERSION = 1;
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
        boolean valid = in.readByte() == VERSION;
        int count = in.readInt();
        valid &= count >= 0 && count <= PARTITIONS_MAX;
        for (int i = 0; valid && i < count && !in.failed(); i++) {
            PartitionSegments partition = new PartitionSegments(in.readInt(), in.readString());
            partition.endOffset = in.readLong();
            valid = readSegments(in, partition, indexes);
            partitions.add(partition);
        }
        if (!valid || !in.consumed()) {
            throw DamagedException.file("state", in.position(), "section does not hold together");
        }
        return partitions;
    }

    private static boolean readSegments(ByteReader in, PartitionSegments partition, Supplier<SparseIndex> indexes) {
        int count = in.readInt();
        if (count < 0 || count > SEGMENTS_MAX) {
            return false;
        }
        List<Segment> list = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            list.add(Segment.readState(in, partition.directory, partition.partition, indexes.get()));
        }
        partition.segments = list.toArray(new Segment[0]);
        return true;
    }
}
