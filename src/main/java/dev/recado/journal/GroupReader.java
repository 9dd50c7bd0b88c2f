package dev.recado.journal;

import dev.recado.journal.JournalLayout.FileHeader;
import dev.recado.journal.JournalLayout.GroupHeader;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads the groups of one journal file in order. One owner. */
final class GroupReader {

    private static final int WINDOW_BYTES = 1024 * 1024;
    private static final long ANY_SEQUENCE = -1;

    private final String path;
    private final FileHeader header;
    private final long fileBytes;
    private final FileWindow window;
    private long offset = JournalLayout.FILE_DATA_AT;
    /** Sequence that the next group must have. */
    private long sequence;

    /** Logical position below which what was read says that everything is durable. */
    private long proven;

    private boolean torn;

    /** @param before the reader of the file before, or null where this is the first that is read */
    GroupReader(DiskFile file, String path, FileHeader header, @Nullable GroupReader before) {
        this.path = path;
        this.header = header;
        fileBytes = file.size();
        window = new FileWindow(file, (int) Math.min(WINDOW_BYTES, Math.max(fileBytes, JournalLayout.FILE_DATA_AT)));
        sequence = header.firstSequence();
        proven = header.basePosition();
        if (before != null && before.sequence > sequence) {
            throw DamagedException.file(path, 0, "sequence goes back");
        }
    }

    /**
     * Moves to the group at a logical position of this file.
     *
     * @throws DamagedException where the file ends before
     */
    void seek(long position) {
        long target = position - header.basePosition() + JournalLayout.FILE_DATA_AT;
        if (target > fileBytes) {
            throw DamagedException.file(path, fileBytes, "journal ends below the start position=" + position);
        }
        if (target != offset) {
            offset = target;
            sequence = ANY_SEQUENCE;
        }
    }

    /**
     * Logical position up to which the groups of a file without a valid header say that everything is durable; 0 where
     * it holds none from {@code nextSequence} on. Groups that a crash tore together with the header prove nothing of
     * themselves.
     */
    static long provenWithoutHeader(DiskFile file, long nextSequence) {
        byte[] area = new byte[JournalLayout.GROUP_HEADER_BYTES];
        if (file.read(ByteBuffer.wrap(area), JournalLayout.FILE_DATA_AT) < area.length) {
            return 0;
        }
        long salt = ByteBuffer.wrap(area).getLong(8);
        GroupHeader first = JournalLayout.readGroupHeader(area, 0, salt);
        if (first == null || first.sequence() < nextSequence) {
            return 0;
        }
        GroupReader reader = new GroupReader(file, "", new FileHeader(0, salt, 0, first.sequence()), null);
        byte[] group = reader.next();
        while (group != null) {
            group = reader.next();
        }
        return reader.proven;
    }

    /** The sequence that follows the groups of a file up to {@code end}; -1 where they do not lead there. */
    static long sequenceBehind(DiskFile file, FileHeader header, long end) {
        GroupReader reader = new GroupReader(file, "", header, null);
        long sequence = header.firstSequence();
        long at = JournalLayout.FILE_DATA_AT;
        while (at < end) {
            GroupHeader group = reader.headerAt(at);
            if (group == null) {
                return -1;
            }
            sequence = group.sequence() + 1;
            at += JournalLayout.aligned(JournalLayout.GROUP_HEADER_BYTES + (long) group.length());
        }
        return at == end ? sequence : -1;
    }

    /** Moves behind an invalid group to the next valid one below {@code end}; false, without moving, where none is. */
    boolean skipDamage(long end) {
        long limit = Math.min(fileBytes, end == Long.MAX_VALUE ? end : offset + end - position());
        for (long at = offset + JournalLayout.SECTOR_BYTES; at < limit; at += JournalLayout.SECTOR_BYTES) {
            GroupHeader later = headerAt(at);
            if (later != null && later.sequence() > sequence && bodyAt(at, later) != null) {
                offset = at;
                sequence = later.sequence();
                return true;
            }
        }
        return false;
    }

    String path() {
        return path;
    }

    /** Byte in the file at which the next group begins. */
    long offset() {
        return offset;
    }

    /** Logical position of the next group. */
    long position() {
        return header.basePosition() + offset - JournalLayout.FILE_DATA_AT;
    }

    /** Byte in the file from which on nothing read so far proves that it is durable. */
    long provenOffset() {
        return Math.min(offset, proven - header.basePosition() + JournalLayout.FILE_DATA_AT);
    }

    long nextSequence() {
        return sequence;
    }

    /** Whether a group was begun behind the end. */
    boolean torn() {
        return torn;
    }

    /** The records of the next group, in an array of their own; null, without moving, where there is no valid group. */
    byte @Nullable [] next() {
        GroupHeader group = headerAt(offset);
        if (group == null || (sequence != ANY_SEQUENCE && group.sequence() != sequence)) {
            return null;
        }
        byte[] body = bodyAt(offset, group);
        if (body != null) {
            offset += JournalLayout.aligned(JournalLayout.GROUP_HEADER_BYTES + (long) group.length());
            sequence = group.sequence() + 1;
            proven = Math.max(proven, group.syncedUpTo());
        }
        return body;
    }

    private @Nullable GroupHeader headerAt(long at) {
        int index = window.load(at, JournalLayout.GROUP_HEADER_BYTES);
        return index < 0 ? null : JournalLayout.readGroupHeader(window.array(), index, header.salt());
    }

    private byte @Nullable [] bodyAt(long at, GroupHeader group) {
        if (at + JournalLayout.GROUP_HEADER_BYTES + group.length() > fileBytes) {
            return null;
        }
        CRC32C crc = new CRC32C();
        int index = window.load(at, JournalLayout.GROUP_HEADER_BYTES);
        crc.update(window.array(), index, JournalLayout.GROUP_CRC_AT);
        byte[] body = new byte[group.length()];
        if (!window.copy(at + JournalLayout.GROUP_HEADER_BYTES, body)) {
            return null;
        }
        crc.update(body, 0, body.length);
        return (int) crc.getValue() == group.crc() ? body : null;
    }

    /**
     * Looks behind the end for a group that proves that more was durable.
     *
     * @throws DamagedException where one does
     */
    void checkTail() {
        long end = position();
        torn = headerAt(offset) != null;
        for (long at = offset + JournalLayout.SECTOR_BYTES; at < fileBytes; at += JournalLayout.SECTOR_BYTES) {
            GroupHeader later = headerAt(at);
            if (later != null && later.sequence() > sequence && later.syncedUpTo() > end && bodyAt(at, later) != null) {
                throw DamagedException.file(
                        path, offset, "invalid group below what was synced up to=" + later.syncedUpTo());
            }
        }
        if (sequence == ANY_SEQUENCE) {
            // Reading began at the end: no group told its sequence, but there were at most this many.
            sequence = header.firstSequence() + (offset - JournalLayout.FILE_DATA_AT) / JournalLayout.SECTOR_BYTES;
        }
    }
}
