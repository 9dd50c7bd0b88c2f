package dev.recado.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array with a cursor, big-endian, for building frames and records without garbage.
 *
 * <p>Not thread-safe: one owner. Growth doubles; who writes what a peer sent checks its limits before it writes.
 */
public final class ByteWriter {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteWriter(int initialCapacity) {
        bytes = new byte[Math.max(16, initialCapacity)];
    }

    private ByteWriter(byte[] given, int written) {
        bytes = given;
        size = written;
    }

    /** One that takes {@code given} over, whose first {@code written} bytes count as written. */
    public static ByteWriter over(byte[] given, int written) {
        Check.that(written >= 0 && written <= given.length, "more written than there is", written, given.length);
        return new ByteWriter(given, written);
    }

    /** The backing array, valid until the next write; the first {@link #size()} bytes are written. */
    public byte[] array() {
        return bytes;
    }

    public int size() {
        return size;
    }

    /** Forgets what was written and keeps the array. */
    public void clear() {
        size = 0;
    }

    /** Forgets what was written and lets go of an array larger than {@code capacityMax} bytes. */
    public void clear(int capacityMax) {
        size = 0;
        if (bytes.length > capacityMax) {
            bytes = new byte[capacityMax];
        }
    }

    /** Cuts back to {@code newSize}, which is at most {@link #size()}. */
    public void truncate(int newSize) {
        Check.that(newSize >= 0 && newSize <= size, "truncate beyond size", newSize, size);
        size = newSize;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    public ByteWriter put(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public ByteWriter putShort(int value) {
        ensure(2);
        SHORT.set(bytes, size, (short) value);
        size += 2;
        return this;
    }

    public ByteWriter putInt(int value) {
        ensure(4);
        INT.set(bytes, size, value);
        size += 4;
        return this;
    }

    public ByteWriter putLong(long value) {
        ensure(8);
        LONG.set(bytes, size, value);
        size += 8;
        return this;
    }

    /** Unsigned LEB128: seven bits a byte, low first, at most ten bytes. */
    public ByteWriter putVarLong(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    public ByteWriter put(byte[] source, int from, int length) {
        ensure(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
        return this;
    }

    public ByteWriter put(byte[] source) {
        return put(source, 0, source.length);
    }

    public ByteWriter put(ByteBuffer source) {
        int length = source.remaining();
        ensure(length);
        source.get(bytes, size, length);
        size += length;
        return this;
    }

    /** Length as a varint, then the bytes. */
    public ByteWriter putBlock(byte[] source, int from, int length) {
        return putVarLong(length).put(source, from, length);
    }

    /** UTF-8 with its length in bytes before it as a varint. */
    public ByteWriter putString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return putBlock(utf8, 0, utf8.length);
    }

    /** Writes the characters of {@code value}, each of which must be below 128. */
    public ByteWriter putAscii(String value) {
        int length = value.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) value.charAt(i);
        }
        return this;
    }

    /** Writes {@code value} in decimal digits without making a string. */
    public ByteWriter putDecimal(long value) {
        if (value < 0) {
            return value == Long.MIN_VALUE ? putAscii("-9223372036854775808") : put('-').putDecimal(-value);
        }
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        ensure(digits);
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** Overwrites two bytes at {@code position}, which have been written before. */
    public void setShort(int position, int value) {
        Check.that(position >= 0 && position + 2 <= size, "set beyond size", position, size);
        SHORT.set(bytes, position, (short) value);
    }

    /** Overwrites four bytes at {@code position}, which have been written before. */
    public void setInt(int position, int value) {
        Check.that(position >= 0 && position + 4 <= size, "set beyond size", position, size);
        INT.set(bytes, position, value);
    }

    /** Overwrites eight bytes at {@code position}, which have been written before. */
    public void setLong(int position, long value) {
        Check.that(position >= 0 && position + 8 <= size, "set beyond size", position, size);
        LONG.set(bytes, position, value);
    }

    /** Leaves {@code length} bytes for {@link #setInt} and {@link #setLong}; their content is unspecified. */
    public int skip(int length) {
        ensure(length);
        int at = size;
        size += length;
        return at;
    }

    private void ensure(int more) {
        if (more > bytes.length - size) {
            grow(more);
        }
    }

    private void grow(int more) {
        long wanted = (long) size + more;
        Check.that(wanted <= Integer.MAX_VALUE - 8, "buffer too large", wanted);
        bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(wanted, bytes.length * 2L)));
    }
}
