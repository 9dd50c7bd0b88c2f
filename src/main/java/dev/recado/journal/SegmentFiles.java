package dev.recado.journal;

import dev.recado.core.message.StoredRun;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The files that the flusher has open, as many as the disk allows, and which of their bytes wait for a sync. Owned by
 * the flusher.
 */
final class SegmentFiles {

    private static final int BUFFER_BYTES = 256 * 1024;

    /** A part of the open files that is synced at once where room for another one is made. */
    private static final int SYNCED_AHEAD = 4;

    private final Disk disk;
    private final Map<Segment, DiskFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private int openMax;
    private final Set<Segment> dirty = new LinkedHashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer[] buffers = {buffer};
    private final ByteBuffer scratch = ByteBuffer.allocate(SegmentLayout.RUN_HEADER_BYTES);
    private final CRC32C crc = new CRC32C();

    SegmentFiles(Disk disk) {
        this.disk = disk;
    }

    /**
     * Writes the records of {@code runs} behind what the segment holds, with as few calls as the buffer allows; the
     * file's header too where it holds nothing. Readers see them once all are written.
     *
     * @param lasting whether the segment waits for a sync then
     */
    void write(Segment segment, List<StoredRun> runs, boolean lasting) {
        DiskFile file = fileOf(segment);
        long at = segment.bytes;
        buffer.clear();
        if (at == 0) {
            SegmentLayout.putFileHeader(buffer, segment.partition, segment.baseOffset);
        }
        for (StoredRun run : runs) {
            at = put(run, file, at);
        }
        at = drain(file, at);
        if (lasting) {
            dirty.add(segment);
        }
        show(segment, runs, at);
    }

    /** Puts a record into the buffer, which is written at {@code position} once full; answers where it goes next. */
    private long put(StoredRun run, DiskFile file, long position) {
        long at = position;
        int sum = SegmentLayout.runCrc(crc, scratch, run);
        if (buffer.remaining() < SegmentLayout.RUN_HEADER_BYTES) {
            at = drain(file, at);
        }
        SegmentLayout.putRecordHeader(buffer, run, sum);
        int from = run.start();
        while (from < run.end()) {
            if (!buffer.hasRemaining()) {
                at = drain(file, at);
            }
            int part = Math.min(buffer.remaining(), run.end() - from);
            buffer.put(run.bytes(), from, part);
            from += part;
        }
        return at;
    }

    private long drain(DiskFile file, long at) {
        int bytes = buffer.flip().remaining();
        if (bytes > 0) {
            file.write(buffers, at);
        }
        buffer.clear();
        return at + bytes;
    }

    private static void show(Segment segment, List<StoredRun> runs, long end) {
        long at = segment.bytes == 0 ? SegmentLayout.FILE_HEADER_BYTES : segment.bytes;
        for (StoredRun run : runs) {
            long recordBytes = SegmentLayout.recordBytes(run);
            segment.index.seen(at, recordBytes, run);
            segment.stamped(run);
            at += recordBytes;
        }
        segment.appended(runs.get(runs.size() - 1).endOffset(), end);
    }

    /**
     * Writes the segment's bytes from {@code from} on once more: after a sync that failed in an earlier life the page
     * cache calls pages clean that never reached the disk.
     */
    void rewrite(Segment segment, long from) {
        DiskFile file = fileOf(segment);
        long at = from;
        while (at < segment.bytes) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), segment.bytes - at));
            if (file.read(buffer, at) == 0) {
                throw DamagedException.partition(segment.path(), at, segment.partition, "file ends early");
            }
            at = drain(file, at);
        }
        dirty.add(segment);
    }

    /** Cuts the file behind the segment's last record. Durable on return. */
    void cut(Segment segment) {
        DiskFile file = fileOf(segment);
        file.truncate(segment.bytes);
        file.sync();
    }

    void sync(Segment segment) {
        fileOf(segment).sync();
        segment.syncedBytes = segment.bytes;
        dirty.remove(segment);
    }

    void syncAll() {
        syncEldest(open.size());
    }

    /** Syncs those of the {@code count} files used longest ago that wait for it; what waits is open. */
    private void syncEldest(int count) {
        List<Map.Entry<Segment, DiskFile>> waiting = open.entrySet().stream()
                .limit(count)
                .filter(file -> dirty.contains(file.getKey()))
                .toList();
        disk.syncAll(waiting.stream().map(Map.Entry::getValue).toList());
        for (Map.Entry<Segment, DiskFile> file : waiting) {
            Segment segment = file.getKey();
            segment.syncedBytes = segment.bytes;
            dirty.remove(segment);
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
            if (open.size() >= openMax()) {
                closeEldest();
            }
            file = openWithFewer(segment);
            open.put(segment, file);
        }
        return file;
    }

    /** Where the process has no descriptor left, half of those that lie idle here are given up for good. */
    private DiskFile openWithFewer(Segment segment) {
        try {
            return disk.open(segment.path(), segment.bytes == 0);
        } catch (StorageException e) {
            if (e.kind() != Kind.NO_FILES || open.size() < 2) {
                throw e;
            }
            openMax = open.size() / 2;
            while (open.size() > openMax) {
                closeEldest();
            }
            return disk.open(segment.path(), segment.bytes == 0);
        }
    }

    private int openMax() {
        if (openMax == 0) {
            openMax = disk.filesOpenMax();
        }
        return openMax;
    }

    /**
     * Synced before it is closed, so that no failure of writing it back goes unseen. Where one has to be, those that
     * are next to be closed are too: many together cost little more than one.
     */
    private void closeEldest() {
        Segment eldest = open.keySet().iterator().next();
        if (dirty.contains(eldest)) {
            syncEldest(Math.max(1, open.size() / SYNCED_AHEAD));
        }
        DiskFile file = Objects.requireNonNull(open.remove(eldest));
        file.close();
    }
}
