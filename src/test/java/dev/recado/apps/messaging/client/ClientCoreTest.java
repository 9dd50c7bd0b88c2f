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

    @Test
    void shouldSetItsClockByTheAnswer() {
        core.request("login", Map.of(), 0, 1_000, effects);
        core.onAnswer(answer(sent.get(0), 91_000, Map.of()), 1_100, effects);
        assertThat(core.timeMs(1_100)).isEqualTo(91_050);
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
