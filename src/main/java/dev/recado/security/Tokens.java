package dev.recado.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Texts of tokens: {@code rct_}, eight digits of its id, 52 of its secret and four of a checksum, in the 32 digits that
 * nobody takes for another (0 to 9, a to z without i, l, o and u). The secret has 256 bits of chance, so that a plain
 * digest of it is as good as a slow one; the checksum tells a text that was cut short without asking anybody.
 */
public final class Tokens {

    /** The user of whom a token is the password. */
    public static final String USER = "token";

    private static final String PREFIX = "rct_";
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int ID_DIGITS = 8;
    private static final int SECRET_DIGITS = 52;
    private static final int CHECK_DIGITS = 4;
    private static final int LENGTH = PREFIX.length() + ID_DIGITS + SECRET_DIGITS + CHECK_DIGITS;

    private Tokens() {}

    /** A new one: {@code text} is shown once, {@code id} and {@code digest} are kept. */
    public record Made(String text, String id, String digest) {
        @Override
        public String toString() {
            return "token=" + id;
        }
    }

    /** What a text says that may be a token's. */
    record Shown(String id, String digest) {}

    /** The user as whom somebody logs in who goes on by what let it in: {@link #USER} where that is a token. */
    public static String loginName(Identity known) {
        return known.credential().kind() == Credential.Kind.TOKEN ? USER : known.user();
    }

    /** Makes one of {@code random}, which nobody may foresee. */
    public static Made make(Random random) {
        StringBuilder text = new StringBuilder(PREFIX);
        for (int i = 0; i < ID_DIGITS + SECRET_DIGITS; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        text.append(check(body, body.length));
        String id = text.substring(PREFIX.length(), PREFIX.length() + ID_DIGITS);
        return new Made(text.toString(), id, digest(text.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    /** What the bytes say, or null where they are no token: cut short, mistyped, or something else. */
    static @Nullable Shown read(byte[] text) {
        if (text.length != LENGTH) {
            return null;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = (char) (text[i] & 0xFF);
            if (i < PREFIX.length() ? c != PREFIX.charAt(i) : DIGITS.indexOf(c) < 0) {
                return null;
            }
        }
        String check = new String(text, LENGTH - CHECK_DIGITS, CHECK_DIGITS, StandardCharsets.US_ASCII);
        return check(text, LENGTH - CHECK_DIGITS).equals(check)
                ? new Shown(new String(text, PREFIX.length(), ID_DIGITS, StandardCharsets.US_ASCII), digest(text))
                : null;
    }

    private static String check(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        long value = crc.getValue();
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < CHECK_DIGITS; i++) {
            digits.append(DIGITS.charAt((int) (value >>> 5 * i & 31)));
        }
        return digits.toString();
    }

    private static String digest(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
