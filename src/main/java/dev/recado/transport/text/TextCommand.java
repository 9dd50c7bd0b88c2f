package dev.recado.transport.text;

import dev.recado.base.PercentCodec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One command as slices of the array that holds it. A flyweight that {@link TextCodec} fills: valid until the codec's
 * next call; who keeps something of it copies.
 */
final class TextCommand {

    /** More fields than any command has; the surplus stays in the last one. */
    static final int FIELDS_MAX = 8;

    private static final byte[] NOTHING = {};
    private static final int DIGITS_MAX = 18;

    byte[] bytes = NOTHING;
    Verb verb = Verb.UNKNOWN;
    int verbStart;
    int verbEnd;
    int fieldCount;
    /** Where field {@code i} begins; it ends one before where the next begins. */
    final int[] fieldStart = new int[FIELDS_MAX + 1];

    int payloadStart;
    /** Bytes of the payload, or of the content of a SEND or PUBL. */
    int payloadLength;

    /** Lets go of the array. */
    void forget() {
        bytes = NOTHING;
    }

    /** Splits the line {@code bytes[from, to)} into verb and fields. */
    void parseLine(byte[] source, int from, int to) {
        bytes = source;
        verbStart = from;
        int at = from;
        while (at < to && source[at] != ':') {
            at++;
        }
        verbEnd = at;
        verb = Verb.of(source, from, at);
        fieldCount = 0;
        payloadStart = 0;
        payloadLength = 0;
        if (at == to) {
            return;
        }
        fieldStart[fieldCount++] = at + 1;
        splitFields(source, at + 1, to, verb.shape.fieldsMax);
        if (fieldCount == verb.shape.fieldsMax && verb.shape.isLastFieldContent()) {
            payloadStart = fieldStart[fieldCount - 1];
            payloadLength = to - payloadStart;
        }
        fieldStart[fieldCount] = to + 1;
    }

    /** Becomes a command of which only the size of its content is known. */
    void passedOver(Verb its, int contentBytes) {
        forget();
        verb = its;
        fieldCount = 0;
        payloadStart = 0;
        payloadLength = contentBytes;
    }

    private void splitFields(byte[] source, int from, int to, int fieldsMax) {
        for (int at = from; at < to && fieldCount < fieldsMax; at++) {
            if (source[at] == ':') {
                fieldStart[fieldCount++] = at + 1;
            }
        }
    }

    int fieldEnd(int field) {
        return fieldStart[field + 1] - 1;
    }

    int fieldLength(int field) {
        return fieldEnd(field) - fieldStart[field];
    }

    /** Whether field {@code field} is there and reads {@code word}, which is ASCII. */
    boolean is(int field, String word) {
        if (field >= fieldCount || fieldLength(field) != word.length()) {
            return false;
        }
        int start = fieldStart[field];
        for (int i = 0; i < word.length(); i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The field as it came, percent signs included. */
    String raw(int field) {
        return new String(bytes, fieldStart[field], fieldLength(field), StandardCharsets.UTF_8);
    }

    /** The field decoded, or null where its encoding is malformed. */
    @Nullable
    String text(int field) {
        return PercentCodec.decode(bytes, fieldStart[field], fieldLength(field));
    }

    /** All of a line without a payload, as it came. */
    String line() {
        int end = fieldCount == 0 ? verbEnd : fieldEnd(fieldCount - 1);
        return new String(bytes, verbStart, end - verbStart, StandardCharsets.UTF_8);
    }

    /** The verb as it came. */
    String verbText() {
        return new String(bytes, verbStart, verbEnd - verbStart, StandardCharsets.UTF_8);
    }

    /** The field as a number of 1 to 18 digits, or -1. */
    long number(int field) {
        return field < fieldCount ? number(bytes, fieldStart[field], fieldEnd(field)) : -1;
    }

    /** Whether the field has anything but digits and signs. */
    boolean isText(int field) {
        for (int at = fieldStart[field]; at < fieldEnd(field); at++) {
            if (bytes[at] != '-' && (bytes[at] < '0' || bytes[at] > '9')) {
                return true;
            }
        }
        return false;
    }

    /** Where the dash of a {@code <partition>-<offset>} lies, or -1. */
    int dash(int field) {
        for (int at = fieldStart[field]; at < fieldEnd(field); at++) {
            if (bytes[at] == '-') {
                return at;
            }
        }
        return -1;
    }

    static long number(byte[] bytes, int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > DIGITS_MAX) {
            return -1;
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Whether its answer may be long: it is not prepared before the output that precedes it was taken. */
    boolean mayAnswerMuch() {
        return switch (verb) {
            case GET, BROWSE, STATS, HELP -> true;
            case TOPIC, GROUP, EXCHANGE, SESSION -> is(0, "LIST") || is(0, "DESCRIBE") || is(0, "MEMBERS");
            default -> false;
        };
    }
}
