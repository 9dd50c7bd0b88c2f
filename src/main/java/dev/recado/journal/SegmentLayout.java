package dev.recado.journal;

import dev.recado.base.ByteReader;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a segment, version 1, big-endian.
 *
 * <pre>
 * file header
 *  0  int   magic         "RCSG"
 *  4  byte  version       1, then three zero bytes
 *  8  int   partition
 * 12  int   zero
 * 16  long  baseOffset    offset of the first message
 * 24  int   zero
 * 28  int   crc           CRC32C over bytes 0 to 27
 * 32  records
 *
 * record
 *  0  int   length        whole record
 *  4  int   crc           CRC32C from byte 8 to the end; of a gap to byte 27
 *  8  int   kind          3 run, 2 gap (what repair gave up; the bytes behind byte 27 mean nothing)
 * 12  long  publishTimeMs
 * 20  long  lamport
 * 28  long  logTimeMs
 * 36  run                 as in the entry that brought it
 * </pre>
 *
 * <p>Kind 1, which is read only, is a run without {@code logTimeMs}: it begins at 28, and its publish time is both.
 */
final class SegmentLayout {

    static final int VERSION = 1;
    static final int MAGIC = 0x52435347;
    static final int FILE_HEADER_BYTES = 32;
    /** What every record begins with, a gap's whole header. */
    static final int RECORD_HEADER_BYTES = 28;

    static final int RUN_HEADER_BYTES = RECORD_HEADER_BYTES + Long.BYTES;
    /** A run of a version whose publish time was its log time. */
    static final int KIND_UNTIMED_RUN = 1;

    static final int KIND_GAP = 2;
    static final int KIND_RUN = 3;
    /** Least bytes of a record that holds a run. */
    static final int RUN_RECORD_BYTES_MIN = RECORD_HEADER_BYTES + RunLayout.HEADER_BYTES;

    static final String SUFFIX = ".segment";
    static final String DELETED_SUFFIX = ".deleted";
    private static final int OFFSET_DIGITS = 20;

    private SegmentLayout() {}

    static String name(long baseOffset) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(OFFSET_DIGITS - digits.length()) + digits + SUFFIX;
    }

    /** The base offset in a segment's name, or -1 where it is not the name of a segment. */
    static long baseOffset(String name) {
        if (name.length() != OFFSET_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(name, 0, OFFSET_DIGITS, 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Bytes of the record of {@code run}. */
    static long recordBytes(StoredRun run) {
        return RUN_HEADER_BYTES + (long) run.length();
    }

    static void putFileHeader(ByteBuffer out, int partition, long baseOffset) {
        int at = out.position();
        out.putInt(MAGIC)
                .putInt(VERSION << 24)
                .putInt(partition)
                .putInt(0)
                .putLong(baseOffset)
                .putInt(0);
        out.putInt(crc(out, at, at + 28));
    }

    static boolean isFileHeader(byte[] bytes, int length, int partition, long baseOffset) {
        if (length < FILE_HEADER_BYTES) {
            return false;
        }
        ByteBuffer expected = ByteBuffer.allocate(FILE_HEADER_BYTES);
        putFileHeader(expected, partition, baseOffset);
        return expected.flip().equals(ByteBuffer.wrap(bytes, 0, FILE_HEADER_BYTES));
    }

    /** Writes the header of a run's record at the buffer's position; {@code crc} is what {@link #runCrc} answered. */
    static void putRecordHeader(ByteBuffer out, StoredRun run, int crc) {
        out.putInt(RUN_HEADER_BYTES + run.length()).putInt(crc);
        putStamps(out, run);
    }

    private static void putStamps(ByteBuffer out, StoredRun run) {
        out.putInt(KIND_RUN).putLong(run.publishTimeMs()).putLong(run.lamport()).putLong(run.logTimeMs());
    }

    /** Checksum of a run's record; {@code scratch} has room for a record's header. */
    static int runCrc(CRC32C crc, ByteBuffer scratch, StoredRun run) {
        scratch.clear();
        putStamps(scratch, run);
        crc.reset();
        crc.update(scratch.flip());
        crc.update(run.bytes(), run.start(), run.length());
        return (int) crc.getValue();
    }

    /** The run in the record of {@code length} bytes at {@code at}, or null where it does not hold together. */
    static @Nullable StoredRun run(byte[] bytes, int at, int length) {
        ByteReader in = new ByteReader(bytes, at + 8, length - 8);
        int kind = in.readInt();
        long publishTimeMs = in.readLong();
        long lamport = in.readLong();
        long logTimeMs = kind == KIND_UNTIMED_RUN ? publishTimeMs : in.readLong();
        int runBytes = in.remaining();
        if (in.failed() || kind != KIND_RUN && kind != KIND_UNTIMED_RUN) {
            return null;
        }
        StoredRun run = RunLayout.read(bytes, in.position(), runBytes, publishTimeMs, logTimeMs, lamport);
        return run == null || run.length() != runBytes ? null : run;
    }

    /** A gap of {@code length} bytes, of which only the header is given. */
    static ByteBuffer gapHeader(int length) {
        ByteBuffer out = ByteBuffer.allocate(RECORD_HEADER_BYTES);
        out.putInt(length).putInt(0).putInt(KIND_GAP).putLong(0).putLong(0);
        out.putInt(4, crc(out, 8, RECORD_HEADER_BYTES));
        return out.flip();
    }

    static boolean isGap(byte[] bytes, int at) {
        return new ByteReader(bytes, at + 8, Integer.BYTES).readInt() == KIND_GAP;
    }

    /** Whether the checksum of the record of {@code length} bytes at {@code at} is right. */
    static boolean isValid(byte[] bytes, int at, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int end = isGap(bytes, at) ? at + RECORD_HEADER_BYTES : at + length;
        return in.getInt(at) == length && in.getInt(at + 4) == crc(in, at + 8, end);
    }

    private static int crc(ByteBuffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(to).position(from));
        return (int) crc.getValue();
    }
}
