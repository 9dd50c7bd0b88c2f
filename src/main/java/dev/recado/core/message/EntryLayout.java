package dev.recado.core.message;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of a shard's log entry, version 2, big-endian. The journal, segments, caches and (on a cluster) followers
 * hold the same bytes.
 *
 * <pre>
 *  0  int   length        whole entry, this header included
 *  4  int   crc           CRC32C over bytes 8 to the end
 *  8  byte  version       2
 *  9  byte  type          {@link EntryType}
 * 10  short shard
 * 12  long  index         counts the entries of the shard, from 1
 * 20  long  epoch
 * 28  long  previousEpoch epoch of the entry at index - 1; 0 before the first
 * 36  long  lamport
 * 44  long  publishTimeMs wall clock
 * 52  long  logTimeMs     never decreasing in a shard
 * 60  body
 * </pre>
 *
 * <p>Version 1 has no {@code logTimeMs}, its body begins at 52, and its publish time never decreases: it is both.
 */
public final class EntryLayout {

    public static final int VERSION = 2;
    public static final int HEADER_BYTES = 60;
    /** Most bytes of an entry: one message of maximal size (16 MiB) with its headers, and room. */
    public static final int ENTRY_BYTES_MAX = 32 * 1024 * 1024;

    private static final int VERSION_AT = 8;
    private static final int VERSION_1 = 1;
    private static final int HEADER_BYTES_1 = 52;

    private EntryLayout() {}

    /** Leaves room for the header; the body is written next, then {@link #finish}. Answers where the entry begins. */
    public static int begin(ByteWriter out) {
        return out.skip(HEADER_BYTES);
    }

    /** Writes the header of the entry that begins at {@code start} and ends at the writer's end, and its checksum. */
    public static void finish(ByteWriter out, int start, EntryHeader header) {
        int length = out.size() - start;
        Check.that(length <= ENTRY_BYTES_MAX, "entry too large", length);
        out.setInt(start, length);
        out.setInt(start + 8, VERSION << 24 | header.type().number() << 16 | header.shard() & 0xFFFF);
        out.setLong(start + 12, header.index());
        out.setLong(start + 20, header.epoch());
        out.setLong(start + 28, header.previousEpoch());
        out.setLong(start + 36, header.lamport());
        out.setLong(start + 44, header.publishTimeMs());
        out.setLong(start + 52, header.logTimeMs());
        out.setInt(start + 4, crc(out.array(), start, length));
    }

    /** CRC32C of an entry's bytes behind the checksum field. */
    public static int crc(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start + 8, length - 8);
        return (int) crc.getValue();
    }

    /**
     * Reads and verifies the header of the entry that fills {@code bytes[start, start + length)}.
     *
     * @return null where length, version, type or checksum are wrong
     */
    public static @Nullable EntryHeader read(byte[] bytes, int start, int length) {
        if (length < HEADER_BYTES_1) {
            return null;
        }
        ByteReader in = new ByteReader(bytes, start, length);
        int declared = in.readInt();
        int crc = in.readInt();
        int version = in.readByte();
        EntryType type = EntryType.of(in.readByte());
        boolean known = version == VERSION && length >= HEADER_BYTES || version == VERSION_1;
        if (declared != length || !known || type == null || crc != crc(bytes, start, length)) {
            return null;
        }
        int shard = in.readShort();
        long index = in.readLong();
        long epoch = in.readLong();
        long previousEpoch = in.readLong();
        long lamport = in.readLong();
        long publishTimeMs = in.readLong();
        long logTimeMs = version == VERSION_1 ? publishTimeMs : in.readLong();
        return new EntryHeader(type, shard, index, epoch, previousEpoch, lamport, publishTimeMs, logTimeMs);
    }

    /** Bytes of the header of an entry that {@link #read} took: its body follows. */
    public static int headerBytes(byte[] bytes, int start) {
        return bytes[start + VERSION_AT] == VERSION_1 ? HEADER_BYTES_1 : HEADER_BYTES;
    }

    /** The body of an entry that {@link #read} took. */
    public static ByteReader body(byte[] bytes, int start, int length) {
        int headerBytes = headerBytes(bytes, start);
        return new ByteReader(bytes, start + headerBytes, length - headerBytes);
    }
}
