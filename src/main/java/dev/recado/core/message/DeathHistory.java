package dev.recado.core.message;

import dev.recado.base.PercentCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a message has died before it was published again: one entry for each topic and reason, the latest death first.
 * Immutable. It lies in the header {@value #HEADER} as text: entries divided by commas, fields by spaces, names and
 * keys percent-encoded.
 *
 * <pre>
 *  reason=expired queue=delay exchange=orders key=new key=copy count=2 time=1764500000 ttl=5000 first=1, reason=…
 * </pre>
 *
 * @param entries at most {@value #ENTRIES_MAX}
 */
public record DeathHistory(List<Entry> entries) {

    public static final String HEADER = "dead-history";

    /** The exchange through which it was published again last; empty for the default one. */
    public static final String EXCHANGE = "dead-exchange";

    /** The key that it was given when it was published again; not there while it has its own. */
    public static final String KEY = "dead-key";

    /** What has died in so many places for so many reasons is not published again. */
    public static final int ENTRIES_MAX = 64;

    /** The reason that ends a circle: somebody wanted it. */
    public static final String REJECTED = "rejected";

    public static final DeathHistory NONE = new DeathHistory(List.of());

    /** A topic, by its name, and why messages die on it. */
    public record Place(String queue, String reason) {}

    /**
     * Deaths on one topic for one reason.
     *
     * @param exchange through which it was published when it died there first, empty for the default one
     * @param keys by which it was published then, one at least
     * @param timeMs of the first of these deaths, in milliseconds since 1970
     * @param ttlMs its own time to live until then, or -1
     * @param isFirst whether no death came before it
     */
    public record Entry(
            Place place, long count, String exchange, List<String> keys, long timeMs, long ttlMs, boolean isFirst) {
        public String queue() {
            return place.queue();
        }

        public String reason() {
            return place.reason();
        }

        /** The same with {@code more} deaths. */
        public Entry raised(long more) {
            return new Entry(place, count + more, exchange, keys, timeMs, ttlMs, isFirst);
        }
    }

    /** That of a message. */
    public static DeathHistory of(MessageView message) {
        String text = Headers.find(message.bytes, message.headersStart, message.headersLength, HEADER);
        return text == null ? NONE : parse(text);
    }

    /** What {@link #text} wrote; {@link #NONE} for anything else, which may have come from a client. */
    public static DeathHistory parse(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String part : text.split(",", ENTRIES_MAX + 1)) {
            Entry entry = entries.size() < ENTRIES_MAX ? entry(part.strip()) : null;
            if (entry == null) {
                return NONE;
            }
            entries.add(entry);
        }
        return new DeathHistory(List.copyOf(entries));
    }

    private static @Nullable Entry entry(String text) {
        Fields read = new Fields();
        for (String field : text.split(" ", -1)) {
            int at = field.indexOf('=');
            if (at < 0 || !read.take(field.substring(0, at), field.substring(at + 1))) {
                return null;
            }
        }
        return read.entry();
    }

    /** One more death; {@code died} has a count of one. What is known of its topic and reason is raised by that. */
    public DeathHistory with(Entry died) {
        List<Entry> all = new ArrayList<>(entries.size() + 1);
        Entry latest = died;
        for (Entry entry : entries) {
            if (entry.place().equals(died.place())) {
                latest = entry.raised(died.count());
            } else {
                all.add(entry);
            }
        }
        all.add(0, latest);
        return new DeathHistory(List.copyOf(all.subList(0, Math.min(all.size(), ENTRIES_MAX))));
    }

    /**
     * Whether a message with this history that comes to {@code queue} has been there, and since then nobody has
     * rejected it: it would go round for ever.
     */
    public boolean isCircle(String queue) {
        for (Entry entry : entries) {
            if (entry.reason().equals(REJECTED)) {
                return false;
            }
            if (entry.queue().equals(queue)) {
                return true;
            }
        }
        return entries.size() == ENTRIES_MAX;
    }

    /** As it lies in the header. */
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            out.append(out.length() == 0 ? "" : ", ");
            out.append("reason=").append(PercentCodec.encode(entry.reason()));
            out.append(" queue=").append(PercentCodec.encode(entry.queue()));
            out.append(" exchange=").append(PercentCodec.encode(entry.exchange()));
            entry.keys().forEach(key -> out.append(" key=").append(PercentCodec.encode(key)));
            out.append(" count=").append(entry.count()).append(" time=").append(entry.timeMs());
            out.append(entry.ttlMs() < 0 ? "" : " ttl=" + entry.ttlMs());
            out.append(entry.isFirst() ? " first=1" : "");
        }
        return out.toString();
    }

    /** Those of one entry, as they are read. */
    private static final class Fields {
        private final List<String> keys = new ArrayList<>();
        private @Nullable String queue;
        private @Nullable String reason;
        private String exchange = "";
        private long count;
        private long timeMs;
        private long ttlMs = -1;
        private boolean isFirst;

        /** Answers whether it can be. */
        boolean take(String name, String value) {
            String text = PercentCodec.decode(value);
            if (text == null) {
                return false;
            }
            switch (name) {
                case "queue" -> queue = text;
                case "reason" -> reason = text;
                case "exchange" -> exchange = text;
                case "key" -> keys.add(text);
                case "count" -> count = number(text);
                case "time" -> timeMs = number(text);
                case "ttl" -> ttlMs = number(text);
                case "first" -> isFirst = true;
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static long number(String text) {
            boolean isOne = text.matches("[0-9]{1,18}");
            return isOne ? Long.parseLong(text) : 0;
        }

        @Nullable
        Entry entry() {
            return queue == null || reason == null || count < 1
                    ? null
                    : new Entry(new Place(queue, reason), count, exchange, List.copyOf(keys), timeMs, ttlMs, isFirst);
        }
    }
}
