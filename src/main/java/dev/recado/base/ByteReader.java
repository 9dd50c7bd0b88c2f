package dev.recado.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cursor over a bounded slice of a byte array, big-endian. It never reads outside its slice.
 *
 * <p>A read past the end does not throw: it yields zero and turns {@link #failed()} on, so that a decoder of bytes that
 * somebody else wrote checks once at the end. Not thread-safe: one owner.
 */
public final class ByteReader {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int position;
    private int end;
    private boolean failed;

    public ByteReader() {}

    public ByteReader(byte[] bytes) {
        wrap(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int from, int length) {
        wrap(bytes, from, length);
    }

    /** Starts anew over the slice. */
    public ByteReader wrap(byte[] source, int from, int length) {
        Check.that(from >= 0 && length >= 0 && from <= source.length - length, "slice outside array", from, length);
        bytes = source;
        position = from;
        end = from + length;
        failed = false;
        return this;
    }

    public byte[] array() {
        return bytes;
    }

    /** Index in {@link #array()} of the next byte. */
    public int position() {
        return position;
    }

    public int remaining() {
        return end - position;
    }

    /** Whether some read went past the end or met an impossible value. */
    public boolean failed() {
        return failed;
    }

    /** Whether all reads were good and nothing is left over. */
    public boolean consumed() {
        return !failed && position == end;
    }

    public int readByte() {
        return has(1) ? bytes[position++] & 0xFF : 0;
    }

    public int readShort() {
        if (!has(2)) {
            return 0;
        }
        int value = (short) SHORT.get(bytes, position) & 0xFFFF;
        position += 2;
        return value;
    }

    public int readInt() {
        if (!has(4)) {
            return 0;
        }
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    public long readLong() {
        if (!has(8)) {
            return 0;
        }
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    /** Unsigned LEB128 as {@link ByteWriter#putVarLong} writes it. */
    public long readVarLong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!has(1)) {
                return 0;
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        failed = true;
        return 0;
    }

    /** A varint that is a length or a count within {@code max}. */
    public int readVarInt(int max) {
        long value = readVarLong();
        if (value < 0 || value > max) {
            failed = true;
            return 0;
        }
        return (int) value;
    }

    /** Moves over {@code length} bytes and answers where they begin in {@link #array()}. */
    public int skip(int length) {
        if (length < 0 || !has(length)) {
            failed = true;
            return position;
        }
        int at = position;
        position += length;
        return at;
    }

    public byte[] readBytes(int length) {
        int at = skip(length);
        return failed ? NOTHING : Arrays.copyOfRange(bytes, at, at + length);
    }

    /** Bytes with their length before them as a varint. */
    public byte[] readBlock() {
        return readBytes(readVarInt(remaining()));
    }

    /** UTF-8 with its length in bytes before it as a varint. */
    public String readString() {
        int length = readVarInt(remaining());
        int at = skip(length);
        return failed ? "" : new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    private boolean has(int length) {
        if (failed || length > end - position) {
            failed = true;
            return false;
        }
        return true;
    }
}
