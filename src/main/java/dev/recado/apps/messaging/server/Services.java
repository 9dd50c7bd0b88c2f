package dev.recado.apps.messaging.server;

import dev.recado.apps.messaging.history.Histories;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.history.HistoryEntry.Kind;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import dev.recado.apps.messaging.wire.Names64;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients may ask. An operation whose user or channel is not known here waits for a moment, since the operation
 * that registered it may still be under way from another server.
 */
final class Services {

    /** Users or channels in one answer. */
    static final int NAMES_MAX = 1_000;

    /** Operations in one answer of {@code history}. */
    static final int HISTORY_MAX = 100;

    private final ServerSelf self;
    private final Histories histories;
    private final Replication replication;

    Services(ServerSelf self, Histories histories, Replication replication) {
        this.self = self;
        this.histories = histories;
        this.replication = replication;
    }

    /** Whether it is a client's service. */
    static boolean has(String service) {
        return Kind.of(service) != null || service.matches("users|channels|history");
    }

    /** What is wanted that may still come from another server, or null where the request can be answered now. */
    @Nullable
    String missing(Envelope request) {
        Kind kind = Kind.of(request.service());
        if (kind == null || kind == Kind.LOGIN || wrong(kind, request) != null) {
            return null;
        }
        if (!histories.hasUser(request.user())) {
            return "unknown user, log in first user=" + request.user();
        }
        String target = target(kind, request);
        if (kind == Kind.MESSAGE) {
            return histories.hasUser(target) ? null : "unknown user name=" + target;
        }
        return kind == Kind.CHANNEL || histories.hasChannel(target) ? null : "unknown channel name=" + target;
    }

    /** Carries out a request for which nothing is {@link #missing}, and answers it. */
    void run(ServerEffects.Caller caller, Envelope request, ServerMoment now, ServerEffects effects) {
        Kind kind = Kind.of(request.service());
        String wrong = wrong(kind, request);
        if (wrong != null) {
            effects.reply(caller, self.refusal(request, now, wrong));
        } else if (kind != null) {
            operate(caller, kind, request, now, effects);
        } else {
            effects.reply(caller, self.answer(request, now, read(request)));
        }
    }

    /** What is wrong with a request, or null. */
    private static @Nullable String wrong(@Nullable Kind kind, Envelope request) {
        if (kind == null) {
            return null;
        }
        String id = request.textOrEmpty(Envelope.ID);
        if (id.isEmpty() || Names64.bytes(id) > 64) {
            return "an operation needs an id of 1 to 64 bytes";
        }
        if (!Names64.isName(request.user())) {
            return "not a name user=" + request.user();
        }
        if (kind != Kind.LOGIN && !Names64.isName(target(kind, request))) {
            String target = target(kind, request);
            boolean isLength = target.isEmpty() || Names64.bytes(target) > EnvelopeCodec.NAME_BYTES_MAX;
            return isLength ? "a name has 1 to " + EnvelopeCodec.NAME_BYTES_MAX + " bytes" : "not a name: " + target;
        }
        String text = request.textOrEmpty("text");
        boolean speaks = kind == Kind.PUBLISH || kind == Kind.MESSAGE;
        return speaks && (text.isEmpty() || Names64.bytes(text) > HistoryEntry.TEXT_BYTES_MAX)
                ? "a text has 1 to " + HistoryEntry.TEXT_BYTES_MAX + " bytes"
                : null;
    }

    private static String target(Kind kind, Envelope request) {
        return switch (kind) {
            case LOGIN -> "";
            case MESSAGE -> request.textOrEmpty("to");
            default -> request.textOrEmpty("channel");
        };
    }

    private void operate(
            ServerEffects.Caller caller, Kind kind, Envelope request, ServerMoment now, ServerEffects effects) {
        String id = request.textOrEmpty(Envelope.ID);
        HistoryEntry entry = histories.earlier(request.user(), id);
        if (entry == null) {
            boolean speaks = kind == Kind.PUBLISH || kind == Kind.MESSAGE;
            entry = new HistoryEntry(
                    replication.nextKey(),
                    Math.max(0, self.clock().at(now.wallMs())),
                    id,
                    kind,
                    request.user(),
                    target(kind, request),
                    speaks ? request.textOrEmpty("text") : "");
            if (!replication.originate(entry, now, effects)) {
                onFull(caller, kind, request, now, effects);
                return;
            }
            if (speaks) {
                String topic = (kind == Kind.PUBLISH ? "channel:" : "user:") + entry.target();
                effects.publish(topic, self.stamp(kind.word(), now, entryFields(entry)));
            }
        }
        if (entry.kind() != kind || !entry.target().equals(target(kind, request))) {
            effects.reply(caller, self.refusal(request, now, "the id is another operation's id=" + id));
            return;
        }
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("origin", entry.key().origin());
        done.put("n", entry.key().n());
        if (kind == Kind.LOGIN) {
            done.putAll(names("channels", histories.subscriptionsOf(request.user())));
        }
        effects.reply(caller, self.answer(request, now, done));
    }

    /** Who is known may still log in, to read and to hear; it is no operation then. */
    private void onFull(
            ServerEffects.Caller caller, Kind kind, Envelope request, ServerMoment now, ServerEffects effects) {
        boolean mayRead = kind == Kind.LOGIN && histories.hasUser(request.user());
        effects.reply(
                caller,
                mayRead
                        ? self.answer(request, now, names("channels", histories.subscriptionsOf(request.user())))
                        : self.refusal(request, now, "no room for more operations"));
    }

    /** As in histories, and with the Lamport clock of the operation beside that of the message. */
    private static Map<String, Object> entryFields(HistoryEntry entry) {
        return Map.of("entry", entry.fields());
    }

    private Map<String, Object> read(Envelope request) {
        return switch (request.service()) {
            case "users" -> names("users", histories.users());
            case "channels" -> names("channels", histories.channels());
            default -> history(request);
        };
    }

    private static Map<String, Object> names(String field, Collection<String> names) {
        List<Object> first = new ArrayList<>(names.stream().limit(NAMES_MAX).toList());
        return Map.of(field, first, "more", names.size() > NAMES_MAX ? 1L : 0L);
    }

    private Map<String, Object> history(Envelope request) {
        int limit = (int) Math.max(1, Math.min(HISTORY_MAX, request.number("limit", HISTORY_MAX)));
        String channel = request.text("channel");
        List<HistoryEntry> last = channel != null
                ? histories.lastOfChannel(channel, limit)
                : histories.lastBetween(request.user(), request.textOrEmpty("with"), limit);
        Map<String, Object> fields = new LinkedHashMap<>();
        List<Object> entries = new ArrayList<>();
        last.forEach(entry -> entries.add(entry.fields()));
        fields.put("entries", entries);
        return fields;
    }
}
