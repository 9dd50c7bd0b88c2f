package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.DeathHistory;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.Origin;
import dev.recado.core.topic.DeadLetterRoute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers of dead letters: what is told of the death stands before those of the message. One owner, reused. */
final class LetterHeaders {

    private static final String REASON = "dead-reason";
    private static final String TOPIC = "dead-topic";
    private static final String PATTERN = "dead-pattern";
    private static final String GROUP = "dead-group";
    private static final String PARTITION = "dead-partition";
    private static final String OFFSET = "dead-offset";
    private static final String ATTEMPTS = "dead-attempts";

    /** What an earlier death has left, which the history has. */
    private static final Set<String> LEFT = Set.of(
            DeathHistory.HEADER,
            DeathHistory.EXCHANGE,
            DeathHistory.KEY,
            REASON,
            TOPIC,
            GROUP,
            PARTITION,
            OFFSET,
            ATTEMPTS);

    private final ByteWriter out = new ByteWriter(256);

    /**
     * A dead letter as it is told of.
     *
     * @param origin the topic that it was published to
     * @param partition its index in that topic; of no account for a pattern's copy
     * @param offset below 0 for a message that was not taken
     */
    record Death(String origin, String group, int partition, long offset, int attempts, String reason) {}

    /** Of a letter for the topic of dead letters. */
    void put(Death death, MessageView from, Draft to) {
        out.clear();
        putDeath(death);
        out.put(from.bytes, from.headersStart, from.headersLength);
        to.headers(out.array(), 0, out.size());
    }

    /** Of what a pattern subscription has rejected, whose own first header is the topic. */
    void putOfPattern(Death death, MessageView from, Draft to) {
        out.clear();
        Headers.put(out, REASON, death.reason());
        Headers.put(out, TOPIC, death.origin());
        Headers.put(out, PATTERN, death.group());
        Headers.put(out, ATTEMPTS, Integer.toString(death.attempts()));
        int added = Headers.firstLength(from.bytes, from.headersStart, from.headersLength);
        out.put(from.bytes, from.headersStart + added, from.headersLength - added);
        to.headers(out.array(), 0, out.size());
    }

    /**
     * Of a letter that goes through an exchange, by one more entry of its history, which is answered. Its time to live
     * ends with it; a key that it is given is its key for others too, but where that names a topic.
     */
    DeathHistory put(Death death, String cause, DeadLetterRoute route, long timeMs, MessageView from, Draft to) {
        DeathHistory before = DeathHistory.of(from);
        Origin origin = Origin.of(from, death.origin());
        DeathHistory history = before.with(new DeathHistory.Entry(
                new DeathHistory.Place(death.origin(), cause),
                1,
                origin.exchange(),
                List.of(origin.key()),
                timeMs,
                from.ttlMs,
                before.entries().isEmpty()));
        out.clear();
        Headers.put(out, DeathHistory.HEADER, history.text());
        Headers.put(out, DeathHistory.EXCHANGE, route.exchange());
        String key = key(route, from);
        if (key != null) {
            Headers.put(out, DeathHistory.KEY, key);
        }
        putDeath(death);
        putRest(from);
        to.headers(out.array(), 0, out.size());
        to.ttlMs = -1;
        if (route.key() != null && !route.exchange().isEmpty()) {
            byte[] utf8 = route.key().getBytes(StandardCharsets.UTF_8);
            to.key(utf8, 0, utf8.length);
        }
        return history;
    }

    /** The key that it is given now or was given before, or null. */
    private static @Nullable String key(DeadLetterRoute route, MessageView from) {
        return route.key() != null || !Origin.isDeadLetter(from)
                ? route.key()
                : Headers.find(from.bytes, from.headersStart, from.headersLength, DeathHistory.KEY);
    }

    private void putDeath(Death death) {
        Headers.put(out, REASON, death.reason());
        Headers.put(out, TOPIC, death.origin());
        if (death.offset() < 0) {
            return;
        }
        Headers.put(out, GROUP, death.group());
        Headers.put(out, PARTITION, Integer.toString(death.partition()));
        Headers.put(out, OFFSET, Long.toString(death.offset()));
        Headers.put(out, ATTEMPTS, Integer.toString(death.attempts()));
    }

    private void putRest(MessageView from) {
        ByteReader in = new ByteReader(from.bytes, from.headersStart, from.headersLength);
        int at = in.position();
        while (in.remaining() > 0) {
            String name = in.readString();
            in.skip(in.readVarInt(in.remaining()));
            if (in.failed()) {
                return;
            }
            if (!LEFT.contains(name)) {
                out.put(from.bytes, at, in.position() - at);
            }
            at = in.position();
        }
    }
}
