package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.CatalogChange;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** PUSH sockets at the role PULL. */
class PullSessionTest {

    private final ZmtpStage stage = new ZmtpStage();

    @Test
    void shouldStoreWhatIsPushed() {
        stage.play("""
                a = PUSH at PULL
                a> [one]
                a> [key][two]
                a> [key][two][three]
                a> []
                """);
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|one|0", "key|two|0", "key|twothree|2", "||0");
    }

    @Test
    void shouldLoseNothingWhilePublishingHasToWait() {
        for (int seed = 0; seed < 30; seed++) {
            // Given
            ZmtpStage played = new ZmtpStage();
            Random random = new Random(seed);
            ZmtpPeer peer = played.connect("a", "PUSH", Role.PULL);
            ByteWriter stream = new ByteWriter(1_000);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String body = i + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 4_000 : 30));
                expected.add("|" + body + "|0");
                stream.put(Frame.wire("[" + body + "]"));
            }

            // When
            byte[] bytes = stream.toByteArray();
            boolean paused = false;
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(1 + random.nextInt(700), bytes.length - at);
                if (random.nextInt(4) == 0) {
                    paused = !paused;
                    played.link("a").port.onBackPressure(paused);
                    assertThat(peer.reading).isEqualTo(!paused);
                }
                byte[] piece = new byte[length];
                System.arraycopy(bytes, at, piece, 0, length);
                peer.send(piece);
                at += length;
                played.broker.turn();
            }
            played.link("a").port.onBackPressure(false);
            played.broker.turn();

            // Then
            assertThat(played.stored(ZmtpStage.PIPELINE)).as("seed %d", seed).isEqualTo(expected);
            assertThat(played.budget.usedBytes()).isZero();
        }
    }

    @Test
    void shouldStopAtTheMessageThatHasToWait() {
        // Given
        stage.broker.holdConfirms = true;
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);
        stage.link("a").port.onBackPressure(true);

        // When
        peer.send("[one]");
        peer.send("[two]");
        stage.broker.turn();

        // Then
        assertThat(stage.link("a").unconfirmed).isEmpty();
        stage.link("a").port.onBackPressure(false);
        assertThat(stage.link("a").unconfirmed).hasSize(2);
        assertThat(peer.reading).isTrue();
    }

    @Test
    void shouldWaitForMemoryAndGoOn() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);
        byte[] large = Frame.wire("[" + "x".repeat(500_000) + "]");
        assertThat(stage.budget.tryReserve(4 << 20)).isTrue();

        // When
        byte[] first = Arrays.copyOf(large, 10_000);
        peer.send(first);
        boolean readingMeanwhile = peer.reading;
        stage.tick(100);
        stage.budget.release(4 << 20);
        stage.tick(100);
        peer.send(Arrays.copyOfRange(large, 10_000, large.length));
        stage.broker.turn();

        // Then
        assertThat(readingMeanwhile).isFalse();
        assertThat(peer.reading).isTrue();
        assertThat(stage.stored(ZmtpStage.PIPELINE).get(0)).hasSize(500_003);
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldGoOnBehindWhatWasRefused() {
        // Given
        stage.broker.holdConfirms = true;
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);

        // When
        peer.send("[one]");
        peer.send("[two]");
        stage.link("a").refuse(0, Refusal.of(ErrorCode.TOPIC_FULL, ""));
        stage.link("a").confirm(1);

        // Then
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|two|0");
        assertThat(peer.closed).isFalse();
    }

    @Test
    void shouldEndWhenTheTopicIsDeletedSoThatThePeerComesAgain() {
        stage.play("""
                a = PUSH at PULL
                a> [one]
                """);
        stage.link("a")
                .change(new CatalogChange.DeleteTopic(
                        stage.topic(ZmtpStage.PIPELINE).uuid()));
        stage.play("""
                a> [two]
                a< /ERROR the topic was deleted
                a! closed
                b = PUSH at PULL
                b> [three]
                """);
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|three|0");
    }

    @Test
    void shouldServePeersOfVersion2WithoutWordsTheyDoNotKnow() {
        // Given
        ZmtpPeer peer = stage.connection(Role.PULL);

        // When
        peer.send(Recorded.hex("ff00000000000000017f" + "01" + "08" + "0000" + "00036f6e65"));
        stage.broker.turn();
        peer.send("/NONSENSE");
        stage.broker.turn();

        // Then
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|one|0");
        assertThat(Frame.text(peer.received.array(), 11, peer.received.size() - 11))
                .isEqualTo("\\x07\\x00\\x00");
        assertThat(peer.closed).isTrue();
    }
}
