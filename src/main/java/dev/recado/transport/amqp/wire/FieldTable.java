package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields by name, as they stand on the wire; the length in front of a table is not part of the slice:
 *
 * <pre>
 *  byte   length of the name
 *  bytes  name
 *  byte   letter, see {@link FieldCursor#letter}
 *  bytes  value
 *  …      repeated
 * </pre>
 *
 * <p>Letters, order and names that come twice stay as the sender wrote them. An array is the same without names. A view
 * over a checked slice that nobody changes; it is not copied.
 */
public final class FieldTable {

    /** Tables and arrays within each other, the outermost counted. */
    public static final int DEPTH_MAX = 32;

    public static final FieldTable EMPTY = new FieldTable(new byte[0], 0, 0);

    private final byte[] bytes;
    private final int start;
    private final int length;

    private FieldTable(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
    }

    /** The table in {@code bytes[from, from + length)}; null where it is malformed, see {@link #problem}. */
    public static @Nullable FieldTable read(byte[] bytes, int from, int length) {
        return problem(bytes, from, length) == null ? checked(bytes, from, length) : null;
    }

    /** The table in a slice that {@link #problem} has nothing against. */
    public static FieldTable checked(byte[] bytes, int from, int length) {
        Check.that(from >= 0 && length >= 0 && from <= bytes.length - length, "slice outside array", from, length);
        return new FieldTable(bytes, from, length);
    }

    /** What is malformed in the table in a slice, to the depth of {@link #DEPTH_MAX}; null where nothing is. */
    public static @Nullable String problem(byte[] bytes, int from, int length) {
        return problem(bytes, from, from + length, true, 1);
    }

    private static @Nullable String problem(byte[] bytes, int from, int end, boolean named, int depth) {
        if (depth > DEPTH_MAX) {
            return "a table nested too deep, limit=" + DEPTH_MAX;
        }
        int at = from;
        while (at < end) {
            at += named ? 1 + (bytes[at] & 0xFF) : 0;
            if (at >= end) {
                return "a field without a value";
            }
            int letter = bytes[at++];
            int size = FieldType.valueBytes(letter, bytes, at, end);
            if (size < 0) {
                return size == FieldType.CUT
                        ? "a field longer than its table"
                        : "a field of unknown type 0x" + HexFormat.of().toHexDigits((byte) letter);
            }
            if (letter == FieldType.TABLE || letter == FieldType.ARRAY) {
                int first = at + FieldType.LENGTH_BYTES;
                String inner = problem(bytes, first, at + size, letter == FieldType.TABLE, depth + 1);
                if (inner != null) {
                    return inner;
                }
            }
            at += size;
        }
        return null;
    }

    /** The array that it lies in. */
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** A cursor over all fields, in their order. */
    public FieldCursor fields() {
        return new FieldCursor().overTable(bytes, start, length);
    }

    /**
     * Puts the cursor on the first field of a name, whose characters are below 128; false where there is none. Makes
     * no garbage.
     */
    public boolean find(String name, FieldCursor at) {
        return at.overTable(bytes, start, length).find(name);
    }

    /** As the other one, for a name in UTF-8. */
    public boolean find(byte[] name, int from, int nameLength, FieldCursor at) {
        at.overTable(bytes, start, length);
        while (at.next()) {
            if (at.isNamed(name, from, nameLength)) {
                return true;
            }
        }
        return false;
    }

    /** Length and fields, byte for byte. */
    public void put(ByteWriter out) {
        out.putInt(length).put(bytes, start, length);
    }

    /**
     * Everything as Java objects, for showing and comparing, not for each message: see {@link FieldCursor#toObject}.
     * Of fields with the same name the first one counts.
     */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        FieldCursor at = fields();
        while (at.next()) {
            String name = at.name();
            if (!map.containsKey(name)) {
                map.put(name, at.toObject());
            }
        }
        return Collections.unmodifiableMap(map);
    }

    /** Byte for byte: another order is another table. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldTable that
                && Arrays.equals(bytes, start, start + length, that.bytes, that.start, that.start + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}
