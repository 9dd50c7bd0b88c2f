package dev.recado.transport.amqp.wire;

/** The letters in front of field values, as RabbitMQ and its clients use them, and how long a value is. */
final class FieldType {

    static final char FLAG = 't';
    static final char SIGNED_BYTE = 'b';
    static final char UNSIGNED_BYTE = 'B';
    static final char SIGNED_SHORT = 's';
    static final char UNSIGNED_SHORT = 'u';
    static final char SIGNED_INT = 'I';
    static final char UNSIGNED_INT = 'i';
    static final char SIGNED_LONG = 'l';
    /** What some clients write for {@link #SIGNED_LONG}. */
    static final char SIGNED_LONG_TOO = 'L';

    static final char FLOAT = 'f';
    static final char DOUBLE = 'd';
    /** A byte with the count of digits behind the point, then a signed int. */
    static final char DECIMAL = 'D';

    static final char TEXT = 'S';
    static final char BYTES = 'x';
    static final char ARRAY = 'A';
    static final char TABLE = 'F';
    /** Seconds since 1970. */
    static final char TIMESTAMP = 'T';

    static final char VOID = 'V';

    /** Answers of {@link #valueBytes}. */
    static final int UNKNOWN = -1;

    static final int CUT = -2;

    /** Bytes in front of a value of {@link #isSized} type, which tell its length. */
    static final int LENGTH_BYTES = 4;

    private FieldType() {}

    /** In the words of the errors that users of this protocol know. */
    static String name(int letter) {
        return switch (letter) {
            case FLAG -> "bool";
            case SIGNED_BYTE -> "byte";
            case UNSIGNED_BYTE -> "unsignedbyte";
            case SIGNED_SHORT -> "short";
            case UNSIGNED_SHORT -> "unsignedshort";
            case SIGNED_INT -> "signedint";
            case UNSIGNED_INT -> "unsignedint";
            case SIGNED_LONG, SIGNED_LONG_TOO -> "long";
            case FLOAT -> "float";
            case DOUBLE -> "double";
            case DECIMAL -> "decimal";
            case TEXT -> "longstr";
            case BYTES -> "binary";
            case ARRAY -> "array";
            case TABLE -> "table";
            case TIMESTAMP -> "timestamp";
            case VOID -> "void";
            default -> "unknown";
        };
    }

    /** Whether values begin with their length. */
    static boolean isSized(int letter) {
        return letter == TEXT || letter == BYTES || letter == ARRAY || letter == TABLE;
    }

    /**
     * How long the value at {@code at} is, its length included; {@link #UNKNOWN} where the letter has no meaning,
     * {@link #CUT} where the value does not end before {@code end}.
     */
    static int valueBytes(int letter, byte[] bytes, int at, int end) {
        if (isSized(letter)) {
            if (end - at < LENGTH_BYTES) {
                return CUT;
            }
            long length = BigEndian.unsignedInt(bytes, at);
            return length > end - at - LENGTH_BYTES ? CUT : LENGTH_BYTES + (int) length;
        }
        int size = fixedBytes(letter);
        return size > end - at ? CUT : size;
    }

    private static int fixedBytes(int letter) {
        return switch (letter) {
            case VOID -> 0;
            case FLAG, SIGNED_BYTE, UNSIGNED_BYTE -> 1;
            case SIGNED_SHORT, UNSIGNED_SHORT -> 2;
            case SIGNED_INT, UNSIGNED_INT, FLOAT -> 4;
            case DECIMAL -> 5;
            case SIGNED_LONG, SIGNED_LONG_TOO, DOUBLE, TIMESTAMP -> 8;
            default -> UNKNOWN;
        };
    }
}
