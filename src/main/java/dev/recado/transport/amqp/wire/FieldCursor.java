package dev.recado.transport.amqp.wire;

import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes over the fields of a {@link FieldTable}, or the values of an array, one after the other. Used again and again it
 * makes no garbage; {@link #text}, {@link #name}, {@link #table} and {@link #toObject} do. It stops early where a slice
 * that was not checked is malformed. One owner.
 */
public final class FieldCursor {

    /** A decimal: {@code unscaled / 10^digits}. */
    public record Decimal(int digits, int unscaled) {}

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int next;
    private int end;
    private boolean named;
    private int nameStart;
    private int nameLength;
    private char letter = FieldType.VOID;
    private int valueStart;
    private int valueLength;

    FieldCursor overTable(byte[] source, int from, int length) {
        bytes = source;
        next = from;
        end = from + length;
        named = true;
        standOnNothing();
        return this;
    }

    private FieldCursor overArray(byte[] source, int from, int length) {
        overTable(source, from, length);
        named = false;
        return this;
    }

    /** Goes on to the next field; false at the end, where it stands on a V without a name. */
    public boolean next() {
        int at = next;
        int length = at < end && named ? bytes[at] & 0xFF : 0;
        int name = named ? at + 1 : at;
        at = name + length;
        int type = at < end ? bytes[at++] & 0xFF : 0;
        int size = FieldType.valueBytes(type, bytes, at, end);
        if (size < 0) {
            standOnNothing();
            return false;
        }
        nameStart = name;
        nameLength = length;
        letter = (char) type;
        int head = FieldType.isSized(letter) ? FieldType.LENGTH_BYTES : 0;
        valueStart = at + head;
        valueLength = size - head;
        next = at + size;
        return true;
    }

    private void standOnNothing() {
        nameStart = next;
        nameLength = 0;
        letter = FieldType.VOID;
        valueStart = next;
        valueLength = 0;
    }

    /** Goes on to the next field of a name, whose characters are below 128; false where there is none. */
    boolean find(String name) {
        while (next()) {
            if (isNamed(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the field has a name whose characters are below 128. */
    public boolean isNamed(String name) {
        if (name.length() != nameLength) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (bytes[nameStart + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the field has a name in UTF-8. */
    public boolean isNamed(byte[] name, int from, int length) {
        return Arrays.equals(bytes, nameStart, nameStart + nameLength, name, from, from + length);
    }

    /** The field's name; empty within an array. */
    public String name() {
        return new String(bytes, nameStart, nameLength, StandardCharsets.UTF_8);
    }

    /** The array that all lies in. */
    public byte[] bytes() {
        return bytes;
    }

    public int nameStart() {
        return nameStart;
    }

    public int nameLength() {
        return nameLength;
    }

    /** The type as on the wire: t b B s u I i l L f d D S x A F T V. */
    public char letter() {
        return letter;
    }

    /** What errors call the type of the value. */
    public String typeName() {
        return FieldType.name(letter());
    }

    /** Where the value begins, behind its length if it has one. */
    public int valueStart() {
        return valueStart;
    }

    public int valueLength() {
        return valueLength;
    }

    public boolean isFlag() {
        return letter == FieldType.FLAG;
    }

    public boolean flag() {
        Check.that(isFlag(), "not a flag", letter);
        return bytes[valueStart] != 0;
    }

    /** Whether it is an integer of any width; a timestamp is none. */
    public boolean isInteger() {
        return switch (letter) {
            case FieldType.SIGNED_BYTE,
                    FieldType.UNSIGNED_BYTE,
                    FieldType.SIGNED_SHORT,
                    FieldType.UNSIGNED_SHORT,
                    FieldType.SIGNED_INT,
                    FieldType.UNSIGNED_INT,
                    FieldType.SIGNED_LONG,
                    FieldType.SIGNED_LONG_TOO -> true;
            default -> false;
        };
    }

    public long integer() {
        Check.that(isInteger(), "not an integer", letter);
        return switch (letter) {
            case FieldType.SIGNED_BYTE -> bytes[valueStart];
            case FieldType.UNSIGNED_BYTE -> bytes[valueStart] & 0xFF;
            case FieldType.SIGNED_SHORT -> BigEndian.signedShort(bytes, valueStart);
            case FieldType.UNSIGNED_SHORT -> BigEndian.unsignedShort(bytes, valueStart);
            case FieldType.SIGNED_INT -> BigEndian.signedInt(bytes, valueStart);
            case FieldType.UNSIGNED_INT -> BigEndian.unsignedInt(bytes, valueStart);
            default -> BigEndian.signedLong(bytes, valueStart);
        };
    }

    /** Whether it is a float or a double. */
    public boolean isFloating() {
        return letter == FieldType.FLOAT || letter == FieldType.DOUBLE;
    }

    public double floating() {
        Check.that(isFloating(), "not a floating point number", letter);
        return letter == FieldType.FLOAT
                ? Float.intBitsToFloat(BigEndian.signedInt(bytes, valueStart))
                : Double.longBitsToDouble(BigEndian.signedLong(bytes, valueStart));
    }

    public boolean isText() {
        return letter == FieldType.TEXT;
    }

    /** The text, with a replacement where it is not UTF-8. */
    public String text() {
        Check.that(isText(), "not a text", letter);
        return new String(bytes, valueStart, valueLength, StandardCharsets.UTF_8);
    }

    public boolean isTimestamp() {
        return letter == FieldType.TIMESTAMP;
    }

    /** Seconds since 1970. */
    public long timestamp() {
        Check.that(isTimestamp(), "not a timestamp", letter);
        return BigEndian.signedLong(bytes, valueStart);
    }

    public boolean isTable() {
        return letter == FieldType.TABLE;
    }

    /** The table, a view over the same array. */
    public FieldTable table() {
        Check.that(isTable(), "not a table", letter);
        return FieldTable.checked(bytes, valueStart, valueLength);
    }

    public boolean isArray() {
        return letter == FieldType.ARRAY;
    }

    /** Sets {@code into} before the first value of the array, and answers it. */
    public FieldCursor elements(FieldCursor into) {
        Check.that(isArray(), "not an array", letter);
        return into.overArray(bytes, valueStart, valueLength);
    }

    /** The value is absent though the name is there. */
    public boolean isVoid() {
        return letter == FieldType.VOID;
    }

    /** Whether letter and value are the same, byte for byte. */
    public boolean hasSameValue(FieldCursor other) {
        return letter == other.letter
                && Arrays.equals(
                        bytes,
                        valueStart,
                        valueStart + valueLength,
                        other.bytes,
                        other.valueStart,
                        other.valueStart + other.valueLength);
    }

    /**
     * The value as a Java object: integers of any width are a {@link Long}, f and d a {@link Double}, t a
     * {@link Boolean}, S a {@link String}, x a {@code byte[]}, T an {@link Instant} (a {@link Long} where that is too
     * far away), D a {@link Decimal}, A a list, F a map, V null.
     */
    public @Nullable Object toObject() {
        return switch (letter) {
            case FieldType.FLAG -> flag();
            case FieldType.FLOAT, FieldType.DOUBLE -> floating();
            case FieldType.DECIMAL -> new Decimal(bytes[valueStart] & 0xFF, BigEndian.signedInt(bytes, valueStart + 1));
            case FieldType.TEXT -> text();
            case FieldType.BYTES -> Arrays.copyOfRange(bytes, valueStart, valueStart + valueLength);
            case FieldType.TIMESTAMP -> instant(timestamp());
            case FieldType.TABLE -> table().toMap();
            case FieldType.ARRAY -> toList();
            case FieldType.VOID -> null;
            default -> integer();
        };
    }

    private static Object instant(long seconds) {
        return seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()
                ? (Object) seconds
                : Instant.ofEpochSecond(seconds);
    }

    private List<@Nullable Object> toList() {
        List<@Nullable Object> list = new ArrayList<>();
        FieldCursor element = elements(new FieldCursor());
        while (element.next()) {
            list.add(element.toObject());
        }
        return Collections.unmodifiableList(list);
    }
}
