package dev.recado.apps.messaging.history;

import dev.recado.apps.messaging.wire.EnvelopeCodec;
import dev.recado.apps.messaging.wire.Names64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation, as a server made it and all apply it.
 *
 * @param key its place in the order of all operations
 * @param timestampMs the corrected wall clock of the server that made it, milliseconds since 1970
 * @param id the client's own id of the request, so that one that was sent twice counts once
 * @param kind what it does
 * @param user who asked for it
 * @param target the channel, or the user that a direct message is for; empty for a login
 * @param text what is said; empty where nothing is
 */
public record HistoryEntry(Key key, long timestampMs, String id, Kind kind, String user, String target, String text) {

    /** The longest text of a publication or a direct message, in bytes of UTF-8. */
    public static final int TEXT_BYTES_MAX = 4_096;

    /** The longest name of an origin: a server's name, a dot and twelve digits. */
    private static final int ORIGIN_BYTES_MAX = EnvelopeCodec.NAME_BYTES_MAX + 13;

    /** What an operation does. */
    public enum Kind {
        LOGIN("login"),
        CHANNEL("channel"),
        SUBSCRIBE("subscribe"),
        UNSUBSCRIBE("unsubscribe"),
        PUBLISH("publish"),
        MESSAGE("message");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Its word on the wire and in files. */
        public String word() {
            return word;
        }

        /** The kind with that word, or null. */
        public static @Nullable Kind of(@Nullable Object word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /**
     * The place of an operation: by Lamport clock, then origin, then number.
     *
     * @param clock the Lamport clock at its making
     * @param origin one run of one server
     * @param n its number among those of the origin, from 1 without a gap
     */
    public record Key(long clock, String origin, long n) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::clock).thenComparing(Key::origin).thenComparingLong(Key::n);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** The fields as values of an envelope. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("origin", key.origin());
        fields.put("n", key.n());
        fields.put("clock", key.clock());
        fields.put("timestamp", timestampMs);
        fields.put("id", id);
        fields.put("kind", kind.word());
        fields.put("user", user);
        fields.put("target", target);
        fields.put("text", text);
        return fields;
    }

    /** The operation with these fields, or null where they are none; takes {@link Integer} for {@link Long} too. */
    public static @Nullable HistoryEntry of(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)
                || !(map.get("origin") instanceof String origin)
                || !(map.get("id") instanceof String id)
                || !(map.get("user") instanceof String user)
                || !(map.get("target") instanceof String target)
                || !(map.get("text") instanceof String text)) {
            return null;
        }
        Kind kind = Kind.of(map.get("kind"));
        long n = number(map.get("n"));
        long clock = number(map.get("clock"));
        long timestampMs = number(map.get("timestamp"));
        boolean numbersFit = n >= 1 && clock >= 1 && timestampMs >= 0;
        boolean textsFit = !origin.isEmpty()
                && Names64.bytes(origin) <= ORIGIN_BYTES_MAX
                && Names64.bytes(id) <= EnvelopeCodec.NAME_BYTES_MAX
                && Names64.isName(user)
                && (target.isEmpty() ? kind == Kind.LOGIN : Names64.isName(target))
                && Names64.bytes(text) <= TEXT_BYTES_MAX;
        if (kind == null || !numbersFit || !textsFit) {
            return null;
        }
        return new HistoryEntry(new Key(clock, origin, n), timestampMs, id, kind, user, target, text);
    }

    private static long number(@Nullable Object value) {
        long number = -1;
        if (value instanceof Long whole) {
            number = whole;
        } else if (value instanceof Integer whole) {
            number = whole;
        }
        return number > EnvelopeCodec.CLOCK_MAX ? -1 : number;
    }
}
