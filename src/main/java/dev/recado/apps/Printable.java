package dev.recado.apps;

import java.nio.charset.StandardCharsets;

/** Text of strangers made fit for a terminal: control characters could end a line or move the cursor. */
public final class Printable {

    private Printable() {}

    /** The bytes as UTF-8 with a dot for each control character. */
    public static String of(byte[] bytes) {
        return of(new String(bytes, StandardCharsets.UTF_8));
    }

    /** The text with a dot for each control character. */
    public static String of(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '·' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
