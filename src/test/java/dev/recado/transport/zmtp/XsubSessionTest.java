package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PUB sockets at the role XSUB. */
class XsubSessionTest {

    private final ZmtpStage stage = new ZmtpStage();

    private void interest(String prefix, boolean wanted) {
        stage.link("p").port.interest().onInterest(ZmtpStage.PUBSUB, Frame.bytes(prefix), wanted);
    }

    @Test
    void shouldTellWhatIsWantedAsMessages() {
        stage.play("""
                p = PUB at XSUB
                p< [\\x01]
                """);
        interest("news.", true);
        interest("news.", false);
        interest("x".repeat(300), true);
        stage.play("""
                p< [\\x01news.]
                p< [\\x00news.]
                p< [\\x01%s]
                p> [news.sport][goal]
                """.formatted("x".repeat(300)));
        assertThat(stage.stored(ZmtpStage.PUBSUB)).containsExactly("news.sport|goal|0");
    }

    @Test
    void shouldEndAPublisherThatReadsNothing() {
        // Given
        ZmtpPeer peer = stage.connect("p", "XPUB", Role.XSUB);
        peer.full = true;

        // When
        for (int i = 0; i < 33 && !peer.closed; i++) {
            interest("x".repeat(1 << 20), true);
            stage.broker.turn();
        }
        stage.tick(100);
        boolean closedAtOnce = peer.closed;
        stage.tick(5_000);

        // Then
        assertThat(closedAtOnce).isFalse();
        assertThat(peer.closed).isTrue();
    }
}
