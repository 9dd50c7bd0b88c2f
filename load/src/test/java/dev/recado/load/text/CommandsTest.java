package dev.recado.load.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandsTest {

    @Test
    void shouldWriteCommandsAsTheProtocolSays() {
        assertThat(Commands.hello("a b").toString(UTF_8)).isEqualTo("HELLO:a%20b\n");
        assertThat(Commands.publish("orders", "42\n".getBytes(UTF_8)).toString(UTF_8))
                .isEqualTo("PUB:orders:3\n42\n\n");
        assertThat(Commands.subscribe("orders", "billing", 10).toString(UTF_8))
                .isEqualTo("SUB:orders:billing:10:first\n");
        assertThat(Commands.acknowledge(1, "0-7").toString(UTF_8)).isEqualTo("ACK:1:0-7\n");
        assertThat(Commands.acknowledgeDurably(1, "7").toString(UTF_8)).isEqualTo("ACK!:1:7\n");
        assertThat(Commands.refuse(1, "7", 250).toString(UTF_8)).isEqualTo("NACK:1:7:250\n");
    }

    @Test
    void shouldEncodeWhatANameMayNotHold() {
        assertThat(Commands.encoded("a-Z_0.9/x")).isEqualTo("a-Z_0.9/x");
        assertThat(Commands.encoded("a:b%c\n")).isEqualTo("a%3Ab%25c%0A");
        assertThat(Commands.encoded("ñ")).isEqualTo("%C3%B1");
    }
}
