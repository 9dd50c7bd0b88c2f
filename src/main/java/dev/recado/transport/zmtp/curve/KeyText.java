package dev.recado.transport.zmtp.curve;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over the lines of a key file, in both forms that are in use: a bare key of 40 characters, and the
 * certificate that czmq and pyzmq write.
 *
 * <pre>
 *   #   a comment
 *   curve
 *       public-key = "40 characters"
 *       secret-key = "40 characters"
 * </pre>
 *
 * <p>Works on bytes, so that no secret becomes a string. {@code #} is also a digit of Z85, but too large a one to begin
 * a key, so a line that begins with it is a comment.
 */
final class KeyText {

    /** What a line holds. */
    enum Kind {
        /** A comment, or nothing. */
        NOTHING,
        /** A key and nothing else, or a key, blanks and a name. */
        BARE,
        PUBLIC,
        SECRET,
        /** Another section or property of a certificate. */
        PROPERTY,
        /** A line of another form, or a key that is no Z85 of 32 bytes. */
        MALFORMED
    }

    private static final int KEY_CHARS = 40;
    private static final byte[] PUBLIC_KEY = "public-key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECRET_KEY = "secret-key".getBytes(StandardCharsets.US_ASCII);

    private final byte[] text;
    private int next;
    private int line;
    private int from;
    private int end;
    private byte @Nullable [] key;

    KeyText(byte[] text) {
        this.text = text;
    }

    /** Number of the line at which the cursor stands, from 1. */
    int line() {
        return line;
    }

    /** The key of the line, for the kinds that have one. */
    byte @Nullable [] key() {
        return key;
    }

    /** Moves to the next line and tells what it holds; null behind the last one. */
    @Nullable
    Kind next() {
        if (next >= text.length) {
            return null;
        }
        line++;
        from = next;
        end = from;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        next = end + 1;
        trim();
        key = null;
        return kind();
    }

    private Kind kind() {
        if (from == end || text[from] == '#') {
            return Kind.NOTHING;
        }
        if (isBare()) {
            key = Z85.decode(text, from, KEY_CHARS);
            if (key != null) {
                return Kind.BARE;
            }
        }
        if (begins(PUBLIC_KEY)) {
            return value(PUBLIC_KEY.length, Kind.PUBLIC);
        }
        if (begins(SECRET_KEY)) {
            return value(SECRET_KEY.length, Kind.SECRET);
        }
        return isProperty() ? Kind.PROPERTY : Kind.MALFORMED;
    }

    private boolean isBare() {
        int length = end - from;
        return length == KEY_CHARS || length > KEY_CHARS && isBlank(text[from + KEY_CHARS]);
    }

    /** {@code = "key"}, of which the quotes may be missing. */
    private Kind value(int nameLength, Kind kind) {
        int at = from + nameLength;
        while (at < end && isBlank(text[at])) {
            at++;
        }
        if (at == end || text[at] != '=') {
            return Kind.MALFORMED;
        }
        from = at + 1;
        trim();
        if (end - from == KEY_CHARS + 2 && text[from] == '"' && text[end - 1] == '"') {
            from++;
            end--;
        }
        key = end - from == KEY_CHARS ? Z85.decode(text, from, KEY_CHARS) : null;
        return key == null ? Kind.MALFORMED : kind;
    }

    /** A name, alone or with {@code =} behind it. */
    private boolean isProperty() {
        int at = from;
        while (at < end && isNameCharacter(text[at])) {
            at++;
        }
        if (at == from || at - from >= KEY_CHARS) {
            return false;
        }
        while (at < end && isBlank(text[at])) {
            at++;
        }
        return at == end || text[at] == '=';
    }

    private boolean begins(byte[] name) {
        if (end - from < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (text[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private void trim() {
        while (from < end && isBlank(text[from])) {
            from++;
        }
        while (end > from && isBlank(text[end - 1])) {
            end--;
        }
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\r';
    }

    private static boolean isNameCharacter(byte character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9'
                || character == '-'
                || character == '_'
                || character == '.'
                || character == '/';
    }
}
