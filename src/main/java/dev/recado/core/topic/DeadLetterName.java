package dev.recado.core.topic;

import dev.recado.base.Names;
import dev.recado.core.group.GroupSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Which topic a group's dead letters go to. */
public final class DeadLetterName {

    public static final String SUFFIX = ".dead";
    /** The longest name of a topic that leaves room for the suffix. */
    public static final int TOPIC_BYTES_MAX = Names.BYTES_MAX - SUFFIX.length();

    private static final int KEPT_BYTES = 200;
    private static final int HASH_BYTES = 4;

    private DeadLetterName() {}

    /**
     * Of a group with these settings on that topic; null where it keeps no dead letters. Of a group that {@linkplain
     * #isLoop names its own topic} it is the one that it would have without a name.
     */
    public static @Nullable String of(GroupSettings settings, String topic) {
        String configured = settings.deadLetter();
        if (configured == null || isLoop(settings, topic)) {
            return of(topic);
        }
        return configured.isEmpty() ? null : configured;
    }

    /**
     * {@code <topic>.dead}; of a longer name than {@value #TOPIC_BYTES_MAX} bytes its first 200 (less where the cut
     * would divide a character), {@code ~} and the first 8 hexadecimal digits of the name's SHA-256 stand for it.
     */
    public static String of(String topic) {
        return Names.isLongerThan(topic, TOPIC_BYTES_MAX) ? shortened(topic) + SUFFIX : topic + SUFFIX;
    }

    /**
     * Whether a group with these settings would send its dead letters to the topic that it reads, and so get each back,
     * with more headers, until it is too large. No group may be made so any more; earlier versions let it in.
     */
    public static boolean isLoop(GroupSettings settings, String topic) {
        return topic.equals(settings.deadLetter());
    }

    /** Whether the topic is where dead letters go without being told otherwise. */
    public static boolean isOne(String topic) {
        return topic.endsWith(SUFFIX);
    }

    private static String shortened(String topic) {
        byte[] bytes = topic.getBytes(StandardCharsets.UTF_8);
        int cut = KEPT_BYTES;
        while ((bytes[cut] & 0xC0) == 0x80) {
            cut--;
        }
        String hash = HexFormat.of().formatHex(sha256(bytes), 0, HASH_BYTES);
        return new String(bytes, 0, cut, StandardCharsets.UTF_8) + "~" + hash;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
