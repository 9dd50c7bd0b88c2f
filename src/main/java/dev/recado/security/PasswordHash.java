package dev.recado.security;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Verifiers of passwords: Argon2id (RFC 9106) in the text form that other programs read as well, {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. All parameters are in it, so that one that was made with others is still
 * understood. Costs {@link #MEMORY_KIB} of heap and some tens of milliseconds of the calling thread.
 */
public final class PasswordHash {

    /** Of new ones, in KiB. */
    public static final int MEMORY_KIB = 19_456;

    private static final int ITERATIONS = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** What one that comes from elsewhere may cost: a check must fit a small heap, twice. */
    private static final int MEMORY_KIB_MAX = 65_536;

    private static final int MEMORY_KIB_MIN = 8;
    private static final int ITERATIONS_MAX = 10;
    private static final int VERSION = Argon2Parameters.ARGON2_VERSION_13;

    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=1\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{22,86})");

    private record Parts(int memoryKib, int iterations, byte[] salt, byte[] hash) {
        byte[] hashOf(byte[] password) {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(iterations)
                    .withParallelism(1)
                    .withSalt(salt)
                    .build());
            byte[] out = new byte[hash.length];
            generator.generateBytes(password, out);
            return out;
        }
    }

    private PasswordHash() {}

    /** A new verifier; {@code random} is one that nobody may foresee. */
    public static String of(byte[] password, Random random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Parts parts = new Parts(MEMORY_KIB, ITERATIONS, salt, new byte[HASH_BYTES]);
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=" + VERSION + "$m=" + MEMORY_KIB + ",t=" + ITERATIONS + ",p=1$" + text.encodeToString(salt)
                + "$" + text.encodeToString(parts.hashOf(password));
    }

    /** Whether the password is the one of which the verifier was made; never for one that has a {@link #problem}. */
    static boolean matches(String verifier, byte[] password) {
        Parts parts = parse(verifier);
        return parts != null && MessageDigest.isEqual(parts.hash(), parts.hashOf(password));
    }

    /** Never, after the work that a user's verifier of now costs. */
    static boolean matchesNobody(byte[] password) {
        Parts parts = new Parts(MEMORY_KIB, ITERATIONS, new byte[SALT_BYTES], new byte[HASH_BYTES]);
        return parts.hashOf(password).length == 0;
    }

    /** What is wrong with a verifier, and what to do; or null. */
    static @Nullable String problem(String verifier) {
        return parse(verifier) != null
                ? null
                : "not a verifier: $argon2id$v=19$m=8 to " + MEMORY_KIB_MAX + ",t=1 to " + ITERATIONS_MAX
                        + ",p=1$salt$hash expected, as recado user passwd makes it";
    }

    private static @Nullable Parts parse(String verifier) {
        Matcher form = FORM.matcher(verifier);
        if (!form.matches()) {
            return null;
        }
        int memory = Integer.parseInt(form.group(1));
        int iterations = Integer.parseInt(form.group(2));
        if (memory < MEMORY_KIB_MIN || memory > MEMORY_KIB_MAX || iterations < 1 || iterations > ITERATIONS_MAX) {
            return null;
        }
        try {
            Base64.Decoder text = Base64.getDecoder();
            return new Parts(memory, iterations, text.decode(form.group(3)), text.decode(form.group(4)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
