package dev.recado.base;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What names of topics, groups, exchanges and namespaces may be: 1 to 255 bytes of UTF-8 without control characters.
 * Names that begin with {@code $} are the broker's own.
 */
public final class Names {

    public static final int BYTES_MAX = 255;

    private static final int SHOWN_CHARS_MAX = 64;

    private Names() {}

    /** Says what is wrong with a name that a peer chose, or null; {@code what} is its noun, as in {@code topic}. */
    public static @Nullable Refusal problem(String what, String name) {
        if (isReserved(name)) {
            return refusal(what, name, "is reserved: names beginning with $ are the broker's");
        }
        return problemOfAny(what, name);
    }

    /** As {@link #problem} for names that the broker chose as well: a leading {@code $} is allowed. */
    public static @Nullable Refusal problemOfAny(String what, String name) {
        if (name.isEmpty()) {
            return refusal(what, name, "is empty: allowed are 1 to " + BYTES_MAX + " bytes");
        }
        if (!isWellFormed(name)) {
            return refusal(what, name, "is not well-formed text");
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return refusal(what, name, "has a control character at index " + i);
            }
        }
        return isLongerThan(name, BYTES_MAX) ? refusal(what, name, "is longer than " + BYTES_MAX + " bytes") : null;
    }

    public static boolean isReserved(String name) {
        return name.startsWith("$");
    }

    /** Whether {@code text} needs more than {@code bytesMax} bytes of UTF-8. */
    public static boolean isLongerThan(String text, int bytesMax) {
        int length = text.length();
        return length > bytesMax || (length * 3L > bytesMax && text.getBytes(StandardCharsets.UTF_8).length > bytesMax);
    }

    /** Whether every surrogate has its partner, so that the text survives the way through UTF-8. */
    public static boolean isWellFormed(String text) {
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return false;
            }
            at += Character.charCount(codePoint);
        }
        return true;
    }

    /** What a peer sent, made fit for one line of a refusal: at most 64 characters, control characters as {@code ?}. */
    public static String shown(String text) {
        int length = Math.min(text.length(), SHOWN_CHARS_MAX);
        StringBuilder out = new StringBuilder(length + 3);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > length ? out.append("...").toString() : out.toString();
    }

    private static Refusal refusal(String what, String name, String fact) {
        return Refusal.of(ErrorCode.INVALID_ARGUMENT, what + " name " + fact + ", " + what + "=" + shown(name));
    }
}
