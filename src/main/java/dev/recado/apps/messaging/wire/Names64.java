package dev.recado.apps.messaging.wire;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which names users, channels and servers may have. */
public final class Names64 {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._-]*");

    private Names64() {}

    /** Letters, digits, dot, underscore and hyphen, the first a letter or a digit; up to 64 bytes of UTF-8. */
    public static boolean isName(String text) {
        return bytes(text) <= EnvelopeCodec.NAME_BYTES_MAX && NAME.matcher(text).matches();
    }

    /** How long a text is in UTF-8. */
    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
