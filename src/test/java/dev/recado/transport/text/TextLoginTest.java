package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.SlowAuthenticator;
import dev.recado.transport.WireSession;
import org.junit.jupiter.api.Test;

/** AUTH that takes its time. */
class TextLoginTest {

    private static final Identity ANA = new Identity("ana", Rights.ALL);

    private final SlowAuthenticator users = new SlowAuthenticator(null);
    private final Stage stage = new Stage(Stage.DEFAULT, users);

    @Test
    void shouldParseNothingMoreUntilItIsKnownWhoTheClientIs() {
        // Given
        stage.play("""
                > AUTH:ana:secret
                > PUB:t:1
                > x
                > PING
                """);
        assertThat(stage.broker.catalog.topicCount()).isZero();
        assertThat(stage.wire("A").reading).isFalse();

        // When
        users.asked.get(0).complete(ANA);

        // Then
        stage.play("""
                < OK:AUTH
                < OK:MSG_ID:0
                < PONG
                """);
        assertThat(stage.link(0).info().user()).isEqualTo("ana");
        assertThat(stage.wire("A").reading).isTrue();
        assertThat(users.passwords.get(0)).containsOnly(0);
    }

    /** Who is refused unjudged may not ask for it again and again either. */
    @Test
    void shouldCloseBehindThreeLoginsThatWereRefusedUnjudged() {
        // Given
        BrokerException tooMany =
                BrokerException.of(Refusal.of(ErrorCode.LIMIT_REACHED, "too many logins: try again later"));

        // When, Then
        for (int i = 0; i < 3; i++) {
            stage.play("> AUTH:ana:secret\n");
            users.asked.get(i).fail(tooMany);
            stage.play("< ERROR:Limit reached: too many logins: try again later\n");
        }
        assertThat(stage.wire("A").closed).isTrue();
    }

    @Test
    void shouldRefuseWhatWasPipelinedBehindAFailedLogin() {
        // Given
        stage.play("""
                > AUTH:ana:wrong
                > PUB:t:1
                > x
                > AUTH:ana:secret
                > PING
                """);

        // When
        users.asked.get(0).complete(null);
        users.asked.get(1).fail("of the test");

        // Then
        stage.play("""
                < ERROR:Not authenticated: wrong user or password
                < ERROR:Not authenticated: AUTH:<user>:<password> first
                < ERROR:Not authenticated: wrong user or password
                < PONG
                """);
    }

    @Test
    void shouldEndAClientWhoseLoginIsNeverAnswered() {
        // Given
        stage.play("> AUTH:ana:secret");

        // When
        stage.tick(Stage.DEFAULT.sessions().handshakeTimeoutMs());
        stage.tick(WireSession.CLOSING_MS_MAX);

        // Then
        stage.play("""
                < ERROR:Not authenticated: no login within 10000 ms
                ! closed
                """);
        users.asked.get(0).complete(ANA);
        stage.play("");
        assertThat(stage.link(0).info().user()).isEmpty();
    }

    @Test
    void shouldEndAClientWhoseNewLoginIsNeverAnswered() {
        // Given
        SlowAuthenticator open = new SlowAuthenticator(new Identity("anonymous", Rights.ALL));
        Stage others = new Stage(Stage.DEFAULT, open);
        others.play("""
                > PING
                < PONG
                """);
        others.tick(60_000);
        others.play("> AUTH:ana:secret");

        // When
        others.tick(Stage.DEFAULT.sessions().handshakeTimeoutMs() - 1);
        assertThat(others.wire("A").closed).isFalse();
        others.tick(1);
        others.tick(WireSession.CLOSING_MS_MAX);

        // Then
        others.play("""
                < ERROR:Not authenticated: no login within 10000 ms
                ! closed
                """);
    }

    @Test
    void shouldTakeNoAnswerForAClientThatHasGone() {
        // Given
        stage.play("""
                > AUTH:ana:secret
                > PUB:t:1
                > x
                """);
        stage.wire("A").session().onClosed();

        // When
        users.asked.get(0).complete(ANA);

        // Then
        stage.play("");
        assertThat(stage.broker.catalog.topicCount()).isZero();
        assertThat(stage.link(0).closed).isTrue();
        assertThat(users.passwords.get(0)).containsOnly(0);
    }

    @Test
    void shouldIdentifyNobodyWhoHasGoneOrIsEnding() {
        for (boolean gone : new boolean[] {true, false}) {
            // Given
            SlowAuthenticator users = new SlowAuthenticator(null);
            Stage stage = new Stage(Stage.DEFAULT, users);
            stage.play("> AUTH:ana:secret");
            if (gone) {
                stage.wire("A").session().onClosed();
            } else {
                stage.tick(Stage.DEFAULT.sessions().handshakeTimeoutMs());
            }

            // When
            users.asked.get(0).complete(new Identity("ana", Rights.ALL));
            stage.broker.turn();

            // Then
            assertThat(stage.link(0).info().user()).isEmpty();
        }
    }
}
