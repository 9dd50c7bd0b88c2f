package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.SlowAuthenticator;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** PLAIN with an answer that takes its time. */
class ZmtpLoginTest {

    private static final String HELLO = "/HELLO \\x03ana\\x06secret";
    private static final String INITIATE = "/INITIATE \\x0bSocket-Type\\x00\\x00\\x00\\x04PUSH";
    private static final Identity ANA = new Identity("ana", Rights.ALL);

    private final SlowAuthenticator users = new SlowAuthenticator(null);
    private final ZmtpStage stage = new ZmtpStage();
    private ZmtpPeer peer = new ZmtpPeer();

    private void greet() {
        stage.authenticator = users;
        peer = stage.connection(Role.PULL);
        byte[] greeting = Arrays.copyOf(Recorded.PUSH, Greeting.BYTES);
        Arrays.fill(greeting, Greeting.MECHANISM_AT, Greeting.MECHANISM_AT + 20, (byte) 0);
        System.arraycopy(Frame.ascii("PLAIN"), 0, greeting, Greeting.MECHANISM_AT, 5);
        peer.send(greeting);
        peer.passOver(Greeting.BYTES);
        peer.send(HELLO);
    }

    @Test
    void shouldTakeNothingOfThePeerUntilItIsKnownWhoItIs() {
        // Given
        greet();
        peer.send(INITIATE);
        peer.send("[early]");
        stage.broker.turn();
        assertThat(peer.next()).isNull();
        assertThat(peer.reading).isFalse();
        assertThat(stage.broker.links).isEmpty();

        // When
        users.asked.get(0).complete(ANA);
        stage.broker.turn();

        // Then
        assertThat(peer.next()).isEqualTo("/WELCOME");
        assertThat(peer.next()).startsWith("/READY \\x0bSocket-Type");
        assertThat(peer.reading).isTrue();
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|early|0");
        assertThat(stage.broker.links.get(0).info().user()).isEqualTo("ana");
        assertThat(users.passwords.get(0)).containsOnly(0);
    }

    @Test
    void shouldTellWhoIsNobody() {
        // Given
        greet();
        peer.send(INITIATE);

        // When
        users.asked.get(0).fail("of the test");

        // Then
        assertThat(peer.next()).isEqualTo("/ERROR wrong user or password");
        assertThat(peer.closed).isTrue();
        assertThat(stage.broker.links).isEmpty();
    }

    @Test
    void shouldEndAPeerWhoseLoginIsNeverAnswered() {
        // Given
        greet();

        // When
        stage.clock.nowMs += 10_000;
        peer.session().onTick();

        // Then
        assertThat(peer.closed).isTrue();
        users.asked.get(0).complete(ANA);
        assertThat(peer.next()).isNull();
        assertThat(stage.broker.links).isEmpty();
    }

    @Test
    void shouldTakeNoAnswerForAPeerThatHasGone() {
        // Given
        greet();
        peer.send(INITIATE);
        peer.hangUp();

        // When
        users.asked.get(0).complete(ANA);
        stage.broker.turn();

        // Then
        assertThat(peer.next()).isNull();
        assertThat(stage.broker.links).isEmpty();
        assertThat(users.passwords.get(0)).containsOnly(0);
    }
}
