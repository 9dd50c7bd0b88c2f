package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a journal file, version 1, big-endian.
 *
 * <pre>
 * file header, at byte 0 and once more at byte 4096; groups begin at byte 8192
 *  0  int   magic          "RCJF"
 *  4  byte  version        1, then three zero bytes
 *  8  long  number         the number in the file's name
 * 16  long  salt           random, new for each use of the file
 * 24  long  basePosition   logical position of byte 8192
 * 32  long  firstSequence  sequence of the first group
 * 40  int   crc            CRC32C over bytes 0 to 39
 *
 * group, beginning on a multiple of 512 and padded to one
 *  0  int   magic          "RCJG"
 *  4  byte  version        1, then three zero bytes
 *  8  long  salt           that of the file
 * 16  long  sequence       counts groups, across files
 * 24  long  syncedUpTo     logical position below which everything was durable when this group was written
 * 32  int   length         bytes of the records, 0 for a group that only says syncedUpTo
 * 36  int   crc            CRC32C over bytes 0 to 35 and the records
 * 40  records
 *
 * record
 *  0  byte  kind           1 entry, 2 promise, 3 truncate
 *  1  int   length         bytes behind this field
 *  5  content
 * </pre>
 *
 * <p>A group never shares a sector with another, so that a torn write cannot hurt what was synced before. The salt
 * keeps what an earlier use of the file left from being taken for a group of this one.
 */
final class JournalLayout {

    static final int VERSION = 1;
    static final int FILE_MAGIC = 0x52434A46;
    static final int GROUP_MAGIC = 0x52434A47;
    static final int SECTOR_BYTES = 512;
    static final int FILE_HEADER_BYTES = 44;
    static final int FILE_HEADER_COPY_AT = 4096;
    static final int FILE_DATA_AT = 8192;
    static final int GROUP_HEADER_BYTES = 40;
    static final int GROUP_CRC_AT = 36;
    static final int RECORD_HEADER_BYTES = 5;
    /** Most bytes of a group's records; one entry of maximal size and a full gathering group beside it. */
    static final int GROUP_BYTES_MAX = 48 * 1024 * 1024;

    static final int KIND_ENTRY = 1;
    static final int KIND_PROMISE = 2;
    static final int KIND_TRUNCATE = 3;

    private static final String SUFFIX = ".journal";
    private static final int NUMBER_DIGITS = 16;

    record FileHeader(long number, long salt, long basePosition, long firstSequence) {}

    record GroupHeader(long salt, long sequence, long syncedUpTo, int length, int crc) {}

    private JournalLayout() {}

    static long aligned(long bytes) {
        return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
    }

    static String path(long number) {
        String digits = Long.toHexString(number);
        return DataDirectory.JOURNAL + "/" + "0".repeat(NUMBER_DIGITS - digits.length()) + digits + SUFFIX;
    }

    /** The number in a file's name, or -1 where it is not the name of a journal file. */
    static long number(String name) {
        if (name.length() != NUMBER_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(name, 0, NUMBER_DIGITS, 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Fills the first {@link #FILE_DATA_AT} bytes of {@code area} with both copies of the header. */
    static void writeFileHeader(ByteBuffer area, FileHeader header) {
        for (int at = 0; at < FILE_DATA_AT; at += Long.BYTES) {
            area.putLong(at, 0);
        }
        for (int at = 0; at < FILE_DATA_AT; at += FILE_HEADER_COPY_AT) {
            area.putInt(at, FILE_MAGIC);
            area.put(at + 4, (byte) VERSION);
            area.putLong(at + 8, header.number());
            area.putLong(at + 16, header.salt());
            area.putLong(at + 24, header.basePosition());
            area.putLong(at + 32, header.firstSequence());
            area.putInt(at + 40, crc(area, at, at + 40));
        }
        area.position(0).limit(FILE_DATA_AT);
    }

    /**
     * The header of a file whose first {@code length} bytes are given, from either copy; null where both are invalid.
     */
    static @Nullable FileHeader readFileHeader(byte[] area, int length) {
        FileHeader first = readFileHeader(area, 0, length);
        return first != null ? first : readFileHeader(area, FILE_HEADER_COPY_AT, length);
    }

    private static @Nullable FileHeader readFileHeader(byte[] area, int at, int length) {
        if (length - at < FILE_HEADER_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(area);
        if (in.getInt(at) != FILE_MAGIC || in.get(at + 4) != VERSION || in.getInt(at + 40) != crc(in, at, at + 40)) {
            return null;
        }
        return new FileHeader(in.getLong(at + 8), in.getLong(at + 16), in.getLong(at + 24), in.getLong(at + 32));
    }

    private static int crc(ByteBuffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(from).limit(to));
        return (int) crc.getValue();
    }

    /** Writes a group's header without its checksum. */
    static void writeGroupHeader(ByteBuffer out, long salt, long sequence, long syncedUpTo, int length) {
        out.putInt(0, GROUP_MAGIC);
        out.putInt(4, VERSION << 24);
        out.putLong(8, salt);
        out.putLong(16, sequence);
        out.putLong(24, syncedUpTo);
        out.putInt(32, length);
    }

    /** The group header at {@code at}, its checksum not yet verified; null where it cannot be one of this file. */
    static @Nullable GroupHeader readGroupHeader(byte[] bytes, int at, long salt) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int length = in.getInt(at + 32);
        if (in.getInt(at) != GROUP_MAGIC
                || in.getInt(at + 4) != VERSION << 24
                || in.getLong(at + 8) != salt
                || length < 0
                || length > GROUP_BYTES_MAX) {
            return null;
        }
        return new GroupHeader(salt, in.getLong(at + 16), in.getLong(at + 24), length, in.getInt(at + GROUP_CRC_AT));
    }
}
