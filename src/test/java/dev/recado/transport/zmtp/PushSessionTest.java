package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.Draft;
import dev.recado.transport.Wire;
import org.junit.jupiter.api.Test;

/** PULL sockets at the role PUSH. */
class PushSessionTest {

    private final ZmtpStage stage = new ZmtpStage();

    private void store(int count) {
        for (int i = 0; i < count; i++) {
            stage.store(ZmtpStage.PIPELINE, "m" + i);
        }
        stage.broker.turn();
    }

    @Test
    void shouldShareAmongThoseThatPull() {
        stage.play("""
                p = PUSH at PULL
                a = PULL at PUSH
                b = PULL at PUSH
                p> [one]
                p> [key][two][three]
                p> [three]
                a< [one]
                a< [three]
                b< [key][two][three]
                """);
        assertThat(stage.settled(ZmtpStage.PIPELINE)).containsExactlyInAnyOrder("ack 0", "ack 1", "ack 2");
    }

    @Test
    void shouldWriteMessagesOfOtherProtocols() {
        stage.connect("a", "PULL", Role.PUSH);
        byte[] text = Frame.ascii("keybody");
        stage.store(ZmtpStage.PIPELINE, new Draft().payload(text, 3, 4).key(text, 0, 3));
        stage.play("a< [key][body]");
    }

    @Test
    void shouldBeDoneOnceTheSocketTookIt() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.slow = true;

        // When
        store(3);

        // Then
        assertThat(stage.settled(ZmtpStage.PIPELINE)).isEmpty();
        peer.take();
        assertThat(stage.settled(ZmtpStage.PIPELINE)).contains("ack 0");
        stage.broker.turn();
        peer.take();
        assertThat(stage.settled(ZmtpStage.PIPELINE)).containsExactly("ack 0", "ack 1", "ack 2");
    }

    @Test
    void shouldGiveBackWhatTheSocketOfADeadPeerDidNotTake() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.slow = true;
        store(3);

        // When
        peer.hangUp();

        // Then
        assertThat(stage.settled(ZmtpStage.PIPELINE)).isEmpty();
        assertThat(stage.ready(ZmtpStage.PIPELINE)).isEqualTo(3);
    }

    @Test
    void shouldBeDoneWithWhatLiesBeforeTheWindow() {
        // Given
        stage.redeliverWindow = 2;
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);

        // When
        store(5);

        // Then
        assertThat(stage.settled(ZmtpStage.PIPELINE)).containsExactly("ack 0", "ack 1", "ack 2");
        stage.play("""
                a< [m0]
                a< [m1]
                a< [m2]
                a< [m3]
                a< [m4]
                """);
        peer.hangUp();
        assertThat(stage.settled(ZmtpStage.PIPELINE)).hasSize(3);
        stage.play("""
                b = PULL at PUSH
                b< [m3]
                b< [m4]
                """);
    }

    @Test
    void shouldHaveCreditForItsWindowAndWhatIsUnderWay() {
        // Given
        stage.redeliverWindow = 3;
        stage.pullerCredit = 2;
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.slow = true;

        // When
        store(20);

        // Then
        assertThat(stage.ready(ZmtpStage.PIPELINE)).isEqualTo(15);
        for (int i = 0; i < 20; i++) {
            peer.take();
            stage.broker.turn();
        }
        assertThat(stage.ready(ZmtpStage.PIPELINE)).isZero();
        assertThat(stage.settled(ZmtpStage.PIPELINE)).hasSize(17).last().isEqualTo("ack 16");
    }

    @Test
    void shouldGiveNothingMoreToAPeerThatHasHungUpHalf() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.slow = true;
        store(1);

        // When
        peer.session().onEndOfInput();
        store(1);
        peer.take();
        stage.broker.turn();

        // Then
        assertThat(peer.closed).isTrue();
        assertThat(stage.settled(ZmtpStage.PIPELINE)).containsExactly("ack 0");
        assertThat(stage.ready(ZmtpStage.PIPELINE)).isEqualTo(1);
    }

    @Test
    void shouldLetLongMessagesWaitWhileMemoryForOutputIsShort() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PULL", Role.PUSH);
        peer.sliceBytes = 1_000;

        // When
        stage.store(ZmtpStage.PIPELINE, "s");
        stage.store(ZmtpStage.PIPELINE, "x".repeat(5_000));
        stage.broker.turn();

        // Then
        assertThat(peer.next()).isEqualTo("[s]");
        assertThat(peer.next()).isNull();
        peer.sliceBytes = Wire.SLICE_BYTES;
        peer.session().onWritable();
        stage.broker.turn();
        assertThat(peer.next()).hasSize(5_002);
        assertThat(stage.settled(ZmtpStage.PIPELINE)).containsExactly("ack 0", "ack 1");
    }

    @Test
    void shouldPassOverWhatAPullerSends() {
        stage.play("""
                a = PULL at PUSH
                a> [nonsense]
                a> /SUBSCRIBE x
                """);
        assertThat(stage.peer("a").closed).isFalse();
    }
}
