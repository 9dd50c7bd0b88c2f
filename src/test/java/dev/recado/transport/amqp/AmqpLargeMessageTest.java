package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.amqp.wire.AmqpFrameReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Messages of many frames: returned in slices, and such that drip. */
class AmqpLargeMessageTest {

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldReturnALargeMessageAsItsClientReads() {
        // Given
        String body = "x".repeat(300_000);
        AmqpPeer peer = stage.connect("");
        peer.send("1 confirm.select");
        stage.turn();
        AmqpStage.heard(peer);
        peer.full = true;

        // When
        peer.send("1 basic.publish '' none mandatory : " + body, "1 basic.publish '' none mandatory : small");
        stage.turn();

        // Then: nothing of it was encoded yet, and nothing behind it is performed
        assertThat(peer.session().out.size()).isZero();

        // When
        while (peer.full) {
            peer.take();
            stage.turn();
        }

        // Then
        assertThat(AmqpStage.heard(peer))
                .containsExactly(
                        "1 basic.return 312 NO_ROUTE '' none : " + body,
                        "1 basic.ack 1",
                        "1 basic.return 312 NO_ROUTE '' none : small",
                        "1 basic.ack 2");
    }

    @Test
    void shouldEndAConnectionWhoseLargeMessageDripsWhileOthersComeBetween() {
        // Given
        AmqpPeer peer = stage.connect("");
        peer.send("2 channel.open");
        stage.turn();
        byte[] whole = ClientFrames.of("1 basic.publish '' none : " + "x".repeat(300_000), peer.frameBytesMax);

        // When
        int firstFrames = 0;
        for (int i = 0; i < 3; i++) {
            firstFrames += ByteBuffer.wrap(whole).getInt(firstFrames + 3) + AmqpFrameReader.OVERHEAD_BYTES;
        }
        peer.send(Arrays.copyOf(whole, firstFrames));
        stage.turn();
        AmqpStage.heard(peer);
        for (int i = 0; i < 7; i++) {
            stage.tick(10_000);
            peer.send("2 basic.publish '' none : " + "y".repeat(100_000));
            stage.turn();
        }

        // Then
        assertThat(AmqpStage.heard(peer))
                .anyMatch(line -> line.startsWith("0 connection.close 506 RESOURCE_ERROR - a large message must come"));
    }
}
