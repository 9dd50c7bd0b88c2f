package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.it.HistoryChecker.Verdict;
import dev.recado.it.StandInBroker.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The checker and the load that feeds it, against a broker that does wrong on purpose: a blind checker proves nothing.
 */
@Timeout(30)
class HistoryCheckerTest {

    private static final int MESSAGES = 400;

    @Test
    void shouldFindNothingWhereNothingIsWrong() throws Exception {
        // When
        Verdict verdict = conversation(Set.of());

        // Then
        assertThat(verdict.isClean()).as(verdict::toString).isTrue();
        assertThat(verdict.confirmed()).isEqualTo(3 * MESSAGES);
        assertThat(verdict.delivered()).isEqualTo(3 * MESSAGES);
    }

    @Test
    void shouldFindALostMessage() throws Exception {
        assertThat(conversation(Set.of(Fault.LOSE)).lost()).hasSize(3 * MESSAGES / 50);
    }

    @Test
    void shouldFindAMessageHandedOutTwice() throws Exception {
        assertThat(conversation(Set.of(Fault.HAND_OUT_TWICE)).duplicates()).isNotEmpty();
    }

    @Test
    void shouldFindAMessageStoredTwice() throws Exception {
        assertThat(conversation(Set.of(Fault.STORE_TWICE)).duplicates()).isNotEmpty();
    }

    @Test
    void shouldFindDisorder() throws Exception {
        assertThat(conversation(Set.of(Fault.SWAP)).disorder()).isNotEmpty();
    }

    @Test
    void shouldFindAPhantom() throws Exception {
        assertThat(conversation(Set.of(Fault.INVENT)).phantoms()).isNotEmpty();
    }

    @Test
    void shouldFindAnIdThatChangedItsMessage() throws Exception {
        assertThat(conversation(Set.of(Fault.MIX_UP)).phantoms()).isNotEmpty();
    }

    @Test
    void shouldResendUnderTheSameNumberAfterABrokenConnection() throws Exception {
        // When
        Verdict verdict = conversation(Set.of(Fault.HANG_UP), LoadPublisher.Style.NUMBERED);

        // Then
        assertThat(verdict.isClean()).as(verdict::toString).isTrue();
        assertThat(verdict.confirmed()).isGreaterThan(MESSAGES);
    }

    @Test
    void shouldFindAResendThatWasStoredAgain() throws Exception {
        // When
        Verdict verdict = conversation(EnumSet.of(Fault.HANG_UP, Fault.FORGET_NUMBERS), LoadPublisher.Style.NUMBERED);

        // Then
        assertThat(verdict.duplicates()).isNotEmpty();
    }

    @Test
    void shouldFindConfirmationsOutOfOrder() {
        // Given
        HistoryChecker history = new HistoryChecker();
        history.sent("a", false);
        history.sent("b", false);

        // When
        history.confirmed("p", "a", "0-7");
        history.confirmed("p", "b", "0-6");

        // Then
        assertThat(history.verdict().disorder()).hasSize(1);
    }

    @Test
    void shouldAllowRedeliveryUnderALaterAttempt() {
        // Given
        HistoryChecker history = new HistoryChecker();
        history.sent("a", false);
        history.confirmed("p", "a", "0");

        // When
        history.delivered(1, "m", delivery(1));
        history.delivered(1, "m", delivery(2));

        // Then
        assertThat(history.verdict().isClean()).isTrue();
        assertThat(history.verdict().redeliveries()).isEqualTo(1);
    }

    private static TextConnection.Delivery delivery(int attempt) {
        return new TextConnection.Delivery(1, "0", attempt, "", "", new byte[] {'a'});
    }

    private static Verdict conversation(Set<Fault> faults) throws Exception {
        return conversation(faults, LoadPublisher.Style.values());
    }

    private static Verdict conversation(Set<Fault> faults, LoadPublisher.Style... styles) throws Exception {
        HistoryChecker history = new HistoryChecker();
        try (StandInBroker broker = new StandInBroker(faults);
                LoadCrew crew = new LoadCrew()) {
            int port = broker.port();
            List<LoadMember> members = List.of(
                    new LoadMember("m1", "t:g:20:first", history), new LoadMember("m2", "t:g:20:first", history));
            members.forEach(member -> crew.run(() -> member.run(port, 1)));
            for (LoadPublisher.Style style : styles) {
                LoadPublisher publisher = new LoadPublisher("p-" + style, "t", style, history);
                publisher.run(port, MESSAGES);
                if (!publisher.isSettled()) {
                    publisher.run(port, MESSAGES);
                }
            }
            // What is lost never comes: then the wait ends at its limit and the verdict says so.
            boolean wait = !faults.contains(Fault.LOSE) && !faults.contains(Fault.MIX_UP);
            Waiting.within(Duration.ofMillis(wait ? 5_000 : 200), () -> history.missing() == 0);
            members.forEach(LoadMember::stop);
            crew.join();
        }
        return history.verdict();
    }
}
