package dev.recado.apps.messaging.client;

import dev.recado.apps.Printable;
import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.clock.LamportClock;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import dev.recado.apps.messaging.wire.Names64;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One user's side as a state machine: requests that are sent again until they are answered, publications that are shown
 * once, and both clocks. The wall clock is set by the answers: the server's time and half of the round trip.
 */
final class ClientCore {

    static final long RESEND_MS = 1_000;
    static final int SENDS_MAX = 30;

    /**
     * Where a request was sent several times and one of them was refused, another may still be carried out: a server
     * keeps one for up to two seconds. So long behind the last send the refusal counts, and before then once each was
     * refused.
     */
    static final long REFUSED_MS = 4_000;

    /** After so many the user is told that there is no answer yet. */
    private static final int SENDS_SILENT = 3;

    /** Requests that wait for their answers. */
    static final int PENDING_MAX = 100;

    /** Publications that are remembered, so that one that was published twice is shown once. */
    private static final int SHOWN_MAX = 10_000;

    private static final class Pending {
        private final String service;
        private final Map<String, Object> fields;
        /** At the first of its sends: which one was answered is not known. */
        private final long sentWallMs;

        private long sentMs;
        private int sends;
        private int refusals;
        private String refusedFor = "";

        Pending(String service, Map<String, Object> fields, long wallMs) {
            this.service = service;
            this.fields = fields;
            sentWallMs = wallMs;
        }
    }

    private final String user;
    private final String session;
    private final LamportClock lamport = new LamportClock(0);
    private final CorrectedClock clock = new CorrectedClock(0);
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final Set<String> shown = new LinkedHashSet<>();
    private final Set<String> subscribed = new LinkedHashSet<>();
    private long requestCount;
    private long answered;
    private long failed;
    private boolean isClockSet;
    private boolean isLoginLost;

    /** {@code session} makes the ids of this run others than those of earlier ones. */
    ClientCore(String user, String session) {
        this.user = user;
        this.session = session;
    }

    /** Asks; answers whether there was room for one more request. */
    boolean request(String service, Map<String, Object> fields, long nowMs, long wallMs, ClientEffects effects) {
        if (pending.size() >= PENDING_MAX) {
            effects.say("too many requests wait for their answers");
            return false;
        }
        if (fields.values().stream().anyMatch(ClientCore::isTooLong)) {
            failed++;
            effects.say(service + ": a text has at most " + EnvelopeCodec.TEXT_BYTES_MAX + " bytes");
            return true;
        }
        String id = session + "-" + ++requestCount;
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(Envelope.ID, id);
        Pending one = new Pending(service, all, wallMs);
        pending.put(id, one);
        send(one, nowMs, wallMs, effects);
        return true;
    }

    /** An envelope with a longer one is malformed, and what is malformed has no id that an answer could repeat. */
    private static boolean isTooLong(Object value) {
        return value instanceof String text && Names64.bytes(text) > EnvelopeCodec.TEXT_BYTES_MAX;
    }

    private void send(Pending one, long nowMs, long wallMs, ClientEffects effects) {
        one.sends++;
        one.sentMs = nowMs;
        effects.send(new Envelope(one.service, user, Math.max(0, clock.at(wallMs)), lamport.tick(), one.fields));
    }

    /** Sends again what was not answered. */
    void onTick(long nowMs, long wallMs, ClientEffects effects) {
        List<Pending> late = new ArrayList<>();
        for (Iterator<Pending> all = pending.values().iterator(); all.hasNext(); ) {
            Pending one = all.next();
            if (one.refusals > 0) {
                if (nowMs - one.sentMs >= REFUSED_MS) {
                    all.remove();
                    onRefused(one, effects);
                }
            } else if (nowMs - one.sentMs >= RESEND_MS && one.sends >= SENDS_MAX) {
                all.remove();
                failed++;
                isLoginLost |= one.service.equals("login");
                effects.say(one.service + ": no answer");
            } else if (nowMs - one.sentMs >= RESEND_MS) {
                late.add(one);
                if (one.sends == SENDS_SILENT) {
                    effects.say(one.service + ": no answer yet, asking again");
                }
            }
        }
        late.forEach(one -> send(one, nowMs, wallMs, effects));
    }

    void onAnswer(Envelope answer, long wallMs, ClientEffects effects) {
        if (!lamport.isCredible(answer.clock())) {
            return;
        }
        lamport.receive(answer.clock());
        String id = answer.textOrEmpty(Envelope.ID);
        Pending one = pending.get(id);
        if (one == null) {
            return;
        }
        setClock(answer.timestampMs(), Math.max(0, wallMs - one.sentWallMs), wallMs);
        if (!answer.isOk()) {
            one.refusals++;
            one.refusedFor = answer.textOrEmpty(Envelope.REASON);
            if (one.refusals >= one.sends) {
                pending.remove(id);
                onRefused(one, effects);
            }
            return;
        }
        pending.remove(id);
        answered++;
        onDone(one, answer, effects);
    }

    private void onRefused(Pending one, ClientEffects effects) {
        failed++;
        effects.say(one.service + ": " + Printable.of(one.refusedFor));
    }

    /**
     * The server's clock shows between {@code timestampMs} and that and the round trip now. An answer that was long in
     * coming tells little, so a clock that was set before is moved into that range and no further.
     */
    private void setClock(long timestampMs, long roundTripMs, long wallMs) {
        long shown = clock.at(wallMs);
        long wanted = isClockSet
                ? Math.max(timestampMs, Math.min(timestampMs + roundTripMs, shown))
                : timestampMs + roundTripMs / 2;
        isClockSet = true;
        clock.adjust(wanted - shown);
    }

    private void onDone(Pending one, Envelope answer, ClientEffects effects) {
        String channel = one.fields.get("channel") instanceof String name ? name : "";
        switch (one.service) {
            case "login" -> {
                effects.subscribe("user:" + user, true);
                answer.list("channels").forEach(name -> follow(String.valueOf(name), true, effects));
                if (answer.number("more", 0) > 0) {
                    effects.say("there are more channels than can be told; subscribe to those again");
                }
                effects.say("logged in, answered by " + Printable.of(answer.user()));
            }
            case "subscribe" -> follow(channel, true, effects);
            case "unsubscribe" -> follow(channel, false, effects);
            case "users", "channels" -> effects.say(one.service + ": " + names(answer.list(one.service)));
            case "history" -> {
                answer.list("entries").forEach(entry -> effects.say("history " + line(entry)));
                effects.say("history: " + answer.list("entries").size() + " entries");
            }
            case "status" -> effects.say("status: " + status(answer));
            default -> effects.say(one.service + " done, answered by " + Printable.of(answer.user()));
        }
    }

    private static String status(Envelope answer) {
        List<String> told = new ArrayList<>();
        for (String field : List.of("server", "rank", "coordinator", "correction", "operations")) {
            told.add(field + "=" + answer.fields().get(field));
        }
        return Printable.of(String.join(" ", told));
    }

    private void follow(String channel, boolean wanted, ClientEffects effects) {
        boolean changed = wanted ? subscribed.add(channel) : subscribed.remove(channel);
        if (changed) {
            effects.subscribe("channel:" + channel, wanted);
            effects.say((wanted ? "subscribed to " : "unsubscribed from ") + Printable.of(channel));
        }
    }

    private static String names(List<?> names) {
        List<String> printable = new ArrayList<>();
        names.forEach(name -> printable.add(Printable.of(String.valueOf(name))));
        return String.join(" ", printable);
    }

    private static String line(Object entry) {
        if (!(entry instanceof Map<?, ?> map)) {
            return "";
        }
        String verb = "message".equals(map.get("kind")) ? " to " : " on ";
        return Printable.of(
                "[" + map.get("clock") + "] " + map.get("user") + verb + map.get("target") + ": " + map.get("text"));
    }

    /** What came on a topic; a subscription takes longer topics too, of which nothing is shown. */
    void onPublication(String topic, Envelope publication, ClientEffects effects) {
        if (!lamport.isCredible(publication.clock())) {
            return;
        }
        lamport.receive(publication.clock());
        boolean isWanted = topic.equals("user:" + user)
                || (topic.startsWith("channel:") && subscribed.contains(topic.substring("channel:".length())));
        if (isWanted
                && publication.fields().get("entry") instanceof Map<?, ?> entry
                && shown.add(entry.get("user") + "/" + entry.get("id"))) {
            if (shown.size() > SHOWN_MAX) {
                shown.remove(shown.iterator().next());
            }
            effects.say(line(entry));
        }
    }

    /** Whether it could not log in, so that nothing it asks will be done. */
    boolean isLoginLost() {
        return isLoginLost;
    }

    boolean isWaiting() {
        return !pending.isEmpty();
    }

    long answered() {
        return answered;
    }

    long failed() {
        return failed;
    }

    long lamport() {
        return lamport.value();
    }

    long timeMs(long wallMs) {
        return clock.at(wallMs);
    }
}
