package dev.recado.journal;

import dev.recado.core.message.StoredRun;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The files that the flusher has open, at most a few, and which of their bytes wait for a sync. Owned by the flusher.
 */
final class SegmentFiles {

    private static final int OPEN_MAX = 64;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Disk disk;
    private final Map<Segment, DiskFile> open = new LinkedHashMap<>(OPEN_MAX, 0.75f, true);
    private final Set<Segment> dirty = new LinkedHashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer[] buffers = {buffer};
    private final ByteBuffer scratch = ByteBuffer.allocate(SegmentLayout.RECORD_HEADER_BYTES);
    private final CRC32C crc = new CRC32C();

    SegmentFiles(Disk disk) {
        this.disk = disk;
    }

    /** Writes the record of {@code run} behind what the segment holds; the file's header too where it holds nothing. */
    void write(Segment segment, StoredRun run) {
        DiskFile file = fileOf(segment);
        long at = segment.bytes;
        buffer.clear();
        if (at == 0) {
            SegmentLayout.putFileHeader(buffer, segment.partition, segment.baseOffset);
        }
        int sum = SegmentLayout.runCrc(
                crc, scratch, run.publishTimeMs(), run.lamport(), run.bytes(), run.start(), run.length());
        SegmentLayout.putRecordHeader(buffer, run.length(), sum, run.publishTimeMs(), run.lamport());
        int from = run.start();
        while (true) {
            int part = Math.min(buffer.remaining(), run.end() - from);
            buffer.put(run.bytes(), from, part).flip();
            from += part;
            int bytes = buffer.remaining();
            file.write(buffers, at);
            at += bytes;
            if (from == run.end()) {
                break;
            }
            buffer.clear();
        }
        dirty.add(segment);
        long recordBytes = SegmentLayout.RECORD_HEADER_BYTES + (long) run.length();
        segment.index.seen(at - recordBytes, recordBytes, run.baseOffset(), run.publishTimeMs());
        segment.appended(run.endOffset(), run.publishTimeMs(), at);
    }

    void sync(Segment segment) {
        fileOf(segment).sync();
        segment.syncedBytes = segment.bytes;
        dirty.remove(segment);
    }

    void syncAll() {
        for (Segment segment : dirty.toArray(new Segment[0])) {
            sync(segment);
        }
    }

    /** Closes the segment's file without a sync: it was deleted or never came to be. */
    void forget(Segment segment) {
        dirty.remove(segment);
        DiskFile file = open.remove(segment);
        if (file != null) {
            file.close();
        }
    }

    void closeAll() {
        for (DiskFile file : open.values()) {
            file.close();
        }
        open.clear();
    }

    private DiskFile fileOf(Segment segment) {
        DiskFile file = open.get(segment);
        if (file == null) {
            if (open.size() >= OPEN_MAX) {
                closeEldest();
            }
            file = disk.open(segment.path, segment.bytes == 0);
            open.put(segment, file);
        }
        return file;
    }

    /** Synced before it is closed, so that no failure of writing it back goes unseen. */
    private void closeEldest() {
        Iterator<Map.Entry<Segment, DiskFile>> entries = open.entrySet().iterator();
        Map.Entry<Segment, DiskFile> eldest = entries.next();
        if (dirty.remove(eldest.getKey())) {
            eldest.getValue().sync();
            eldest.getKey().syncedBytes = eldest.getKey().bytes;
        }
        eldest.getValue().close();
        entries.remove();
    }
}
