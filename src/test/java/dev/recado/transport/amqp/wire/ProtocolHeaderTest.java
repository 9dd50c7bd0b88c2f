package dev.recado.transport.amqp.wire;

import static dev.recado.transport.amqp.wire.ProtocolHeader.Outcome.AMQP_0_9_1;
import static dev.recado.transport.amqp.wire.ProtocolHeader.Outcome.NEED_MORE;
import static dev.recado.transport.amqp.wire.ProtocolHeader.Outcome.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtocolHeaderTest {

    private static final byte[] HEADER = Hex.bytes("414d5150 00000901");

    @Test
    void shouldWriteTheHeaderOfItsVersion() {
        ByteWriter out = new ByteWriter(8);
        ProtocolHeader.put(out);
        assertThat(out.toByteArray()).isEqualTo(HEADER);
    }

    @Test
    void shouldReadItByteByByte() {
        for (int to = 0; to < HEADER.length; to++) {
            assertThat(ProtocolHeader.read(HEADER, 0, to)).isEqualTo(NEED_MORE);
        }
        assertThat(ProtocolHeader.read(HEADER, 0, HEADER.length)).isEqualTo(AMQP_0_9_1);
        assertThat(ProtocolHeader.read(Hex.bytes("ff 414d5150 00000901 01"), 1, 10))
                .isEqualTo(AMQP_0_9_1);
    }

    /** AnyEvent::RabbitMQ begins so and then speaks 0-9-1. */
    @Test
    void shouldTakeTheHeaderOf09() {
        byte[] header = Hex.bytes("414d5150 01010009");
        for (int to = 0; to < header.length; to++) {
            assertThat(ProtocolHeader.read(header, 0, to)).isEqualTo(NEED_MORE);
        }
        assertThat(ProtocolHeader.read(header, 0, header.length)).isEqualTo(AMQP_0_9_1);
        for (String other :
                new String[] {"414d5150 01010800", "414d5150 01010901", "414d5150 01000901", "414d5150 00010009"}) {
            assertThat(ProtocolHeader.read(Hex.bytes(other), 0, 8)).isEqualTo(OTHER);
        }
    }

    @Test
    void shouldTellAnythingElseAtTheFirstByteThatDiffers() {
        for (int i = 0; i < HEADER.length; i++) {
            byte[] other = HEADER.clone();
            other[i] ^= 0x10;
            assertThat(ProtocolHeader.read(other, 0, i)).isEqualTo(NEED_MORE);
            for (int to = i + 1; to <= other.length; to++) {
                assertThat(ProtocolHeader.read(other, 0, to)).isEqualTo(OTHER);
            }
        }
        byte[] http = "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(ProtocolHeader.read(http, 0, 1)).isEqualTo(OTHER);
        byte[] sasl = Hex.bytes("414d5150 03010000");
        assertThat(ProtocolHeader.read(sasl, 0, 8)).isEqualTo(OTHER);
    }
}
