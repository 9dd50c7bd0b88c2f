package dev.recado.apps.messaging.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.clock.LamportClock;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.history.HistoryLog;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What one server answers to whoever lies, asks for much, or has its name. */
class ServerCoreTest {

    private static final ServerEffects.Caller CALLER = new ServerEffects.Caller() {};

    private final LamportClock lamport = new LamportClock(0);
    private final ServerCore core = new ServerCore(
            "server-1",
            "server-1.000000000000",
            "tcp://127.0.0.1:1",
            lamport,
            new CorrectedClock(0),
            List.of(),
            ServerOptions.USUAL);
    private final List<Envelope> replies = new ArrayList<>();
    private final List<Envelope> asked = new ArrayList<>();
    private final List<HistoryEntry> kept = new ArrayList<>();

    private int requestCount;

    private final ServerEffects effects = new ServerEffects() {
        @Override
        public void keep(HistoryEntry entry) {
            kept.add(entry);
        }

        @Override
        public void publish(String topic, Envelope envelope) {}

        @Override
        public void reply(Caller caller, Envelope envelope) {
            replies.add(envelope);
        }

        @Override
        public void ask(String server, Envelope envelope) {
            asked.add(envelope);
        }

        @Override
        public void say(String line) {}
    };

    private static ServerMoment at(long ms) {
        return new ServerMoment(ms, 1_700_000_000_000L + ms);
    }

    private Envelope request(String service, long clock, Map<String, Object> fields) {
        Map<String, Object> all = new TreeMap<>(fields);
        all.put(Envelope.ID, "id-" + ++requestCount);
        return new Envelope(service, "ana", 1, clock, all);
    }

    /** The answer to a request through the broker, as its sender reads it. */
    private Envelope answer(Envelope request) {
        core.onBrokered(CALLER, request, at(0), effects);
        EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(EnvelopeCodec.encode(replies.get(replies.size() - 1)));
        assertThat(decoded.envelope()).as(decoded.problem()).isNotNull();
        return decoded.envelope();
    }

    private Envelope answer(String service, Map<String, Object> fields) {
        return answer(request(service, 0, fields));
    }

    /** As it was: a client could be the coordinator and move a clock to where no time fits, in what is kept too. */
    @Test
    void shouldHaveItsClockMovedByServersOnlyAndNotFar() {
        // Given: it follows a coordinator
        Envelope list = new Envelope(
                "heart",
                "ref",
                1,
                1,
                Map.of(
                        Envelope.STATUS,
                        Envelope.OK,
                        "servers",
                        List.of(
                                Map.of("name", "ana", "rank", 1L, "endpoint", "tcp://127.0.0.1:2"),
                                Map.of("name", "server-1", "rank", 2L, "endpoint", "tcp://127.0.0.1:1"))));
        core.onAnswer(ServerCore.REF, list, at(0), effects);
        core.onPublication(
                new Envelope("coordinator", "ana", 1, 1, Map.of("coordinator", "ana", "rank", 1L)), at(0), effects);
        assertThat(core.coordinator()).isEqualTo("ana");
        Map<String, Object> far = Map.of("round", 1L, "leader", "x", "delta", 1L << 60);
        Map<String, Object> near = Map.of("round", 2L, "leader", "x", "delta", 10L);

        // When
        Envelope brokered = answer("adjust", near);
        core.onRequest(CALLER, request("adjust", 0, far), at(0), effects);
        core.onRequest(CALLER, request("adjust", 0, near), at(0), effects);

        // Then
        assertThat(brokered.isOk()).isFalse();
        assertThat(replies.get(1).number("moved", -1)).isZero();
        assertThat(replies.get(2).number("moved", -1)).isEqualTo(1);
        assertThat(core.timeMs(at(0))).isEqualTo(1_700_000_000_010L);
    }

    @Test
    void shouldHearServersOfWhichARequestMovedTheClock() {
        // Given: another server that took a request from far ahead
        Envelope seen = new Envelope("seen", "server-2", 1, LamportClock.AHEAD_MAX + 2, Map.of("seen", Map.of()));

        // When
        core.onPublication(seen, at(0), effects);

        // Then
        assertThat(lamport.value()).isGreaterThan(LamportClock.AHEAD_MAX + 2);
        assertThat(answer(request("users", lamport.value() + LamportClock.AHEAD_MAX + 1, Map.of()))
                        .text(Envelope.REASON))
                .startsWith("a clock too far ahead");
    }

    /** As it was: a refusal that repeated a long name was longer than any text that is read. */
    @Test
    void shouldRefuseLongNamesReadably() {
        answer("login", Map.of());
        for (int length : new int[] {0, 65, 4_090, 4_096}) {
            Envelope answer = answer("channel", Map.of("channel", "c".repeat(length)));
            assertThat(answer.text(Envelope.REASON)).isEqualTo("a name has 1 to 64 bytes");
        }
        assertThat(answer("channel", Map.of("channel", "a b")).text(Envelope.REASON))
                .isEqualTo("not a name: a b");
    }

    /** As it was: who subscribed to all got answers to a login that nobody could read. */
    @Test
    void shouldTellAThousandSubscriptionsAtTheMost() {
        // Given
        answer("login", Map.of());
        for (int i = 0; i <= Services.NAMES_MAX; i++) {
            answer("channel", Map.of("channel", "c" + i));
            answer("subscribe", Map.of("channel", "c" + i));
        }

        // When
        Envelope answer = answer("login", Map.of());

        // Then
        assertThat(answer.list("channels")).hasSize(Services.NAMES_MAX);
        assertThat(answer.number("more", 0)).isEqualTo(1);
        assertThat(kept).hasSize(2 * Services.NAMES_MAX + 4);
    }

    /** As it was: two coordinators of one rank answered each other's announcements without an end. */
    @Test
    void shouldGiveWayToOneOfItsRankOrMakeItGiveWay() {
        // Given
        Map<String, Object> self = Map.of("name", "server-1", "rank", 2L, "endpoint", "tcp://127.0.0.1:1");
        Map<String, Object> list = Map.of(Envelope.STATUS, Envelope.OK, "servers", List.of(self));
        core.onAnswer(ServerCore.REF, new Envelope("heart", "ref", 1, 1, list), at(0), effects);
        core.onTick(at(0), effects);
        assertThat(core.coordinator()).isEqualTo("server-1");

        // Then
        announce("server-2");
        assertThat(core.coordinator()).isEqualTo("server-1");
        announce("server-0");
        assertThat(core.coordinator()).isEqualTo("server-0");
    }

    /**
     * As it was: a server that had been told of the second in rank, which led for a second, let the first one not move
     * its clock for three more; without a broker it hears no announcement.
     */
    @Test
    void shouldFollowWhoAsksForItsClock() {
        // Given: it is the third, and follows the second
        List<Map<String, Object>> servers = List.of(
                Map.of("name", "first", "rank", 1L, "endpoint", "tcp://127.0.0.1:1"),
                Map.of("name", "second", "rank", 2L, "endpoint", "tcp://127.0.0.1:2"),
                Map.of("name", "server-1", "rank", 3L, "endpoint", "tcp://127.0.0.1:3"));
        Map<String, Object> list = Map.of(Envelope.STATUS, Envelope.OK, "servers", servers);
        core.onAnswer(ServerCore.REF, new Envelope("heart", "ref", 1, 1, list), at(0), effects);
        core.onPublication(
                new Envelope("coordinator", "second", 1, 1, Map.of("coordinator", "second", "rank", 2L)),
                at(0),
                effects);
        assertThat(core.coordinator()).isEqualTo("second");

        // Then
        askForClock("ana");
        assertThat(core.coordinator()).as("a client leads nobody").isEqualTo("second");
        askForClock("first");
        assertThat(core.coordinator()).isEqualTo("first");
        askForClock("second");
        assertThat(core.coordinator()).as("which is late to know").isEqualTo("first");
    }

    private void askForClock(String user) {
        Map<String, Object> fields = Map.of(Envelope.ID, "id-" + ++requestCount, "round", 1L, "sent", 1L);
        core.onRequest(CALLER, new Envelope("clock", user, 1, 1, fields), at(1), effects);
    }

    private void announce(String name) {
        Map<String, Object> fields = Map.of("coordinator", name, "rank", 2L);
        core.onPublication(new Envelope("coordinator", name, 1, 1, fields), at(1), effects);
    }

    /** As it was: a server that began anew went on where all others were full, and they could not take it in. */
    @Test
    void shouldMakeNoOperationsWhereAnotherServerIsFull() {
        // Given
        answer("login", Map.of());
        Map<String, Object> other = Map.of("name", "server-2", "rank", 2L, "endpoint", "tcp://127.0.0.1:2");
        Map<String, Object> list = Map.of(Envelope.STATUS, Envelope.OK, "servers", List.of(other));
        core.onAnswer(ServerCore.REF, new Envelope("heart", "ref", 1, 1, list), at(0), effects);
        Map<String, Object> counts = Map.of("a.1", 1L, "b.1", HistoryLog.ENTRIES_MAX - 1L);

        // When
        core.onPublication(new Envelope("seen", "server-2", 1, 1, Map.of("seen", counts)), at(0), effects);

        // Then: nothing more is said, and who is known may come to read
        assertThat(answer("channel", Map.of("channel", "c")).text(Envelope.REASON))
                .isEqualTo("no room for more operations");
        assertThat(answer("login", Map.of()).isOk()).isTrue();
        assertThat(kept).hasSize(1);

        // When
        core.onPublication(new Envelope("seen", "server-2", 1, 1, Map.of("seen", Map.of())), at(0), effects);

        // Then
        assertThat(answer("channel", Map.of("channel", "c")).isOk()).isTrue();
    }

    /** As it was: each refusal was answered by the next question, at the speed of the network. */
    @Test
    void shouldEndWhereTheReferenceServerGoesOnRefusing() {
        // Given
        Map<String, Object> refused = Map.of(Envelope.STATUS, Envelope.ERROR, Envelope.REASON, "taken");
        core.onAnswer(ServerCore.REF, new Envelope("heart", "ref", 1, 1, refused), at(0), effects);
        assertThat(asked).extracting(Envelope::service).containsExactly("register");

        // When
        core.onAnswer(ServerCore.REF, new Envelope("register", "ref", 1, 1, refused), at(0), effects);

        // Then
        assertThat(asked).hasSize(1);
        assertThat(core.refusedFor(at(ServerCore.REFUSED_MS - 1))).isEmpty();
        assertThat(core.refusedFor(at(ServerCore.REFUSED_MS))).isEqualTo("taken");
    }
}
