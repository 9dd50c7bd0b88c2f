package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.StoredRun;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of one segment, verifying each, and feeds the segment's sparse index. One owner; the array
 * behind the runs that it yields is never written again, so that they may be kept.
 */
final class SegmentScanner implements AutoCloseable {

    private final Segment segment;
    private final int pieceBytes;
    private final long limit;
    private final DiskFile file;
    private byte[] piece = {};
    private long pieceAt;
    private long position;
    /** Offset below which the next run cannot begin. */
    private long least;

    /** @param pieceBytes how much is read at once */
    SegmentScanner(Disk disk, Segment segment, long position, int pieceBytes) {
        this(disk, segment, position, segment.bytes, pieceBytes);
    }

    /** As above, up to byte {@code limit} of the file, which may lie behind what the segment is known to hold. */
    SegmentScanner(Disk disk, Segment segment, long position, long limit, int pieceBytes) {
        this.segment = segment;
        this.pieceBytes = pieceBytes;
        this.position = position;
        this.limit = limit;
        file = open(disk);
        if (position == SegmentLayout.FILE_HEADER_BYTES) {
            least = segment.baseOffset;
            checkFileHeader();
        }
    }

    private DiskFile open(Disk disk) {
        try {
            return disk.open(segment.path(), false);
        } catch (StorageException e) {
            if (e.kind() == Kind.MISSING) {
                throw damagedAt(0, "segment is missing");
            }
            if (e.kind() == Kind.NOT_A_FILE) {
                throw damagedAt(0, "something that is no file stands in the segment's place");
            }
            throw e;
        }
    }

    private DamagedException damagedAt(long at, String detail) {
        return DamagedException.partition(segment.path(), at, segment.partition, detail);
    }

    private void checkFileHeader() {
        byte[] header = new byte[SegmentLayout.FILE_HEADER_BYTES];
        int length = file.read(ByteBuffer.wrap(header), 0);
        if (!SegmentLayout.isFileHeader(header, length, segment.partition, segment.baseOffset)) {
            file.close();
            throw damagedAt(0, "invalid segment header");
        }
    }

    /** Byte in the file at which the next record begins. */
    long position() {
        return position;
    }

    /** Whether the next record lies in memory already, so that {@link #next} does not read. */
    boolean buffered() {
        int at = (int) (position - pieceAt);
        int have = piece.length - at;
        return have >= SegmentLayout.RECORD_HEADER_BYTES && have >= new ByteReader(piece, at, 4).readInt();
    }

    /**
     * The next run, or null at the end.
     *
     * @throws DamagedException where the record is not what was written; {@link #position} is its place
     */
    @Nullable
    StoredRun next() {
        while (position < limit) {
            int length = load();
            int at = (int) (position - pieceAt);
            if (!SegmentLayout.isValid(piece, at, length)) {
                throw damaged("wrong checksum");
            }
            if (SegmentLayout.isGap(piece, at)) {
                segment.index.skipped(position, length);
                position += length;
                continue;
            }
            StoredRun run = run(at, length);
            segment.index.seen(position, length, run);
            position += length;
            return run;
        }
        return null;
    }

    private StoredRun run(int at, int length) {
        StoredRun run = SegmentLayout.run(piece, at, length);
        if (run == null || run.partition() != segment.partition) {
            throw damaged("invalid run");
        }
        if (run.baseOffset() < least) {
            throw damaged("offset=" + run.baseOffset() + " goes back");
        }
        least = run.endOffset();
        return run;
    }

    /** Brings the whole next record into the piece and answers its length. */
    private int load() {
        if (!has(SegmentLayout.RECORD_HEADER_BYTES)) {
            read(Math.min(pieceBytes, limit - position));
        }
        if (!has(SegmentLayout.RECORD_HEADER_BYTES)) {
            throw damaged("file ends early");
        }
        int length = new ByteReader(piece, (int) (position - pieceAt), Integer.BYTES).readInt();
        if (length < SegmentLayout.RECORD_HEADER_BYTES || length > limit - position) {
            throw damaged("impossible record length=" + length);
        }
        boolean gap = SegmentLayout.isGap(piece, (int) (position - pieceAt));
        if (!gap && !has(length)) {
            read(Math.min(Math.max(pieceBytes, length), limit - position));
        }
        if (!gap && !has(length)) {
            throw damaged("file ends early");
        }
        return length;
    }

    private boolean has(int count) {
        return position >= pieceAt && position - pieceAt + count <= piece.length;
    }

    private void read(long count) {
        byte[] next = new byte[(int) count];
        int length = file.read(ByteBuffer.wrap(next), position);
        piece = length == next.length ? next : Arrays.copyOf(next, length);
        pieceAt = position;
    }

    private DamagedException damaged(String detail) {
        return DamagedException.partition(segment.path(), position, segment.partition, detail);
    }

    @Override
    public void close() {
        file.close();
    }
}
