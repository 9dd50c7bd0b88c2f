package dev.recado.apps.messaging.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.messaging.wire.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientCoreTest {

    private final ClientCore core = new ClientCore("ana", "session");
    private final List<Envelope> sent = new ArrayList<>();
    private final List<String> topics = new ArrayList<>();
    private final List<String> said = new ArrayList<>();

    private final ClientEffects effects = new ClientEffects() {
        @Override
        public void send(Envelope request) {
            sent.add(request);
        }

        @Override
        public void subscribe(String topic, boolean wanted) {
            topics.add((wanted ? "+" : "-") + topic);
        }

        @Override
        public void say(String line) {
            said.add(line);
        }
    };

    private static Envelope answer(Envelope request, long timestampMs, Map<String, Object> more) {
        Map<String, Object> fields = new HashMap<>(more);
        fields.put(Envelope.ID, request.text(Envelope.ID));
        fields.putIfAbsent(Envelope.STATUS, Envelope.OK);
        return new Envelope(request.service(), "server-1", timestampMs, request.clock() + 10, fields);
    }

    @Test
    void shouldSendTheSameRequestAgainUntilItIsAnswered() {
        // Given
        core.request("login", Map.of(), 0, 0, effects);

        // When
        core.onTick(ClientCore.RESEND_MS, 0, effects);

        // Then
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).text(Envelope.ID)).isEqualTo(sent.get(0).text(Envelope.ID));
        assertThat(sent.get(1).clock()).isGreaterThan(sent.get(0).clock());

        // When
        core.onAnswer(answer(sent.get(1), 5, Map.of("channels", List.of("news"))), 5, effects);
        core.onAnswer(answer(sent.get(0), 5, Map.of()), 5, effects);

        // Then
        assertThat(core.isWaiting()).isFalse();
        assertThat(core.answered()).isEqualTo(1);
        assertThat(topics).containsExactly("+user:ana", "+channel:news");
        assertThat(core.lamport()).isGreaterThan(sent.get(1).clock() + 10);
    }

    @Test
    void shouldGiveUpInTheEnd() {
        core.request("login", Map.of(), 0, 0, effects);
        for (int i = 1; i <= ClientCore.SENDS_MAX; i++) {
            core.onTick(i * ClientCore.RESEND_MS, 0, effects);
        }
        assertThat(sent).hasSize(ClientCore.SENDS_MAX);
        assertThat(core.failed()).isEqualTo(1);
        assertThat(said).contains("login: no answer");
    }

    /** As it was: it was told of a refusal and went on, and the copy that another server still kept was carried out. */
    @Test
    void shouldNotTakeARefusalWhileAnotherCopyMayBeCarriedOut() {
        // Given
        core.request("publish", Map.of("channel", "news", "text", "x"), 0, 0, effects);
        core.onTick(ClientCore.RESEND_MS, 0, effects);
        Map<String, Object> refused = Map.of(Envelope.STATUS, Envelope.ERROR, Envelope.REASON, "unknown user");

        // When
        core.onAnswer(answer(sent.get(0), 5, refused), 5, effects);
        core.onTick(2 * ClientCore.RESEND_MS, 0, effects);

        // Then
        assertThat(core.isWaiting()).isTrue();
        assertThat(sent).hasSize(2);

        // When
        core.onAnswer(answer(sent.get(1), 5, Map.of()), 5, effects);

        // Then
        assertThat(core.isWaiting()).isFalse();
        assertThat(core.failed()).isZero();
        assertThat(core.answered()).isEqualTo(1);
    }

    @Test
    void shouldTakeARefusalOfAllCopiesOrOnceTheOthersAreLost() {
        // Given
        Map<String, Object> refused = Map.of(Envelope.STATUS, Envelope.ERROR, Envelope.REASON, "unknown user");
        core.request("publish", Map.of("channel", "news", "text", "x"), 0, 0, effects);
        core.onTick(ClientCore.RESEND_MS, 0, effects);

        // When
        core.onAnswer(answer(sent.get(0), 5, refused), 5, effects);
        core.onAnswer(answer(sent.get(1), 5, refused), 5, effects);

        // Then
        assertThat(said).containsExactly("publish: unknown user");
        assertThat(core.isWaiting()).isFalse();

        // When: of two copies one is lost
        core.request("publish", Map.of("channel", "news", "text", "y"), 0, 0, effects);
        core.onTick(ClientCore.RESEND_MS, 0, effects);
        core.onAnswer(answer(sent.get(2), 5, refused), 5, effects);
        core.onTick(ClientCore.RESEND_MS + ClientCore.REFUSED_MS - 1, 0, effects);
        boolean waitedUntilThen = core.isWaiting();
        core.onTick(ClientCore.RESEND_MS + ClientCore.REFUSED_MS, 0, effects);

        // Then
        assertThat(waitedUntilThen).isTrue();
        assertThat(core.isWaiting()).isFalse();
        assertThat(core.failed()).isEqualTo(2);
        assertThat(sent).hasSize(4);
    }

    @Test
    void shouldSetItsClockByTheAnswer() {
        core.request("login", Map.of(), 0, 1_000, effects);
        core.onAnswer(answer(sent.get(0), 91_000, Map.of()), 1_100, effects);
        assertThat(core.timeMs(1_100)).isEqualTo(91_050);
    }

    /** As it was: half of the two seconds that a server waited for a name was taken for the way back. */
    @Test
    void shouldNotMoveItsClockByAnAnswerThatWasLongInComing() {
        // Given
        core.request("login", Map.of(), 0, 1_000, effects);
        core.onAnswer(answer(sent.get(0), 91_000, Map.of()), 1_010, effects);

        // When: the answer was made at the end of two seconds, and once at their beginning and lost
        core.request("channel", Map.of("channel", "news"), 2_000, 2_000, effects);
        core.onTick(3_500, 3_500, effects);
        core.onAnswer(answer(sent.get(1), 93_995, Map.of()), 4_000, effects);

        // Then
        assertThat(core.timeMs(4_000)).isEqualTo(93_995);

        // When: a clock that is behind
        core.request("users", Map.of(), 5_000, 5_000, effects);
        core.onAnswer(answer(sent.get(3), 99_000, Map.of()), 5_010, effects);

        // Then
        assertThat(core.timeMs(5_010)).isEqualTo(99_000);
    }

    /** As it was: it was sent thirty times, and answered without the id that would have told to what. */
    @Test
    void shouldNotSendATextThatNoServerReads() {
        core.request("publish", Map.of("channel", "c", "text", "é".repeat(2_049)), 0, 0, effects);
        assertThat(sent).isEmpty();
        assertThat(core.failed()).isEqualTo(1);
        assertThat(said).containsExactly("publish: a text has at most 4096 bytes");
    }

    /** As it was: who could not log in within thirty seconds went on, and was refused all that it asked. */
    @Test
    void shouldEndWhereItCannotLogIn() {
        core.request("login", Map.of(), 0, 0, effects);
        for (int i = 1; i <= ClientCore.SENDS_MAX; i++) {
            assertThat(core.isLoginLost()).isFalse();
            core.onTick(i * ClientCore.RESEND_MS, 0, effects);
        }
        assertThat(core.isLoginLost()).isTrue();
        assertThat(said).containsExactly("login: no answer yet, asking again", "login: no answer");
    }

    @Test
    void shouldShowAPublicationOnceAndOnlyOfItsChannels() {
        // Given
        core.request("subscribe", Map.of("channel", "news"), 0, 0, effects);
        core.onAnswer(answer(sent.get(0), 0, Map.of()), 0, effects);
        said.clear();
        Map<String, Object> entry = Map.of(
                "clock", 4L, "user", "rui", "id", "1", "kind", "publish", "target", "news", "text", "line\nfeed");
        Envelope publication = new Envelope("publish", "server-1", 0, 5, Map.of("entry", entry));

        // When
        core.onPublication("channel:news", publication, effects);
        core.onPublication("channel:news", publication, effects);
        core.onPublication("channel:newsletter", publication, effects);

        // Then
        assertThat(said).containsExactly("[4] rui on news: line·feed");
    }

    @Test
    void shouldDriveABotOneRequestAfterTheOther() {
        // Given
        BotDriver bot = new BotDriver(new BotPlan("bot", List.of("c"), 100, 5));
        List<String> asked = new ArrayList<>();

        // When
        boolean goesOn = true;
        for (long nowMs = 0; goesOn; nowMs += 100) {
            goesOn = bot.onTick(nowMs, false, (service, fields) -> asked.add(service));
        }

        // Then
        assertThat(asked)
                .containsExactly(
                        "login", "channel", "subscribe", "publish", "publish", "publish", "publish", "message");
    }
}
