package dev.recado.transport.text.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandWriterTest {

    private static final byte[] HI = "hi".getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldWriteTheCommandsOfTheSpecification() {
        // Given
        ByteWriter out = new ByteWriter(16);
        CommandWriter commands = new CommandWriter(out);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("lang", "es");
        headers.put("a b", "x&y");

        // When
        commands.command("HELLO", "my client")
                .publish("orders", "", Map.of(), HI)
                .publish("orders", "k:1", headers, HI)
                .publishThrough("logs", "eu.madrid", Map.of(), HI)
                .producer("p1", 42)
                .subscribe("weather.*.madrid", "*", "auto", "")
                .subscribe("orders", "billing", "256", "@1700000000000")
                .ack(false, 1, -1, 7)
                .ack(true, 1, 3, 7)
                .nack(1, -1, 7, 500)
                .nack(1, -1, 7, -1)
                .reject(1, -1, 7, "bad: input")
                .extend(1, 0, 7, 60_000)
                .reply(1, -1, 7, HI)
                .request("echo", 1_000, HI)
                .unsubscribe(2)
                .settings("TOPIC:CREATE", Map.of("kind", "queue"), "jobs")
                .settings("TOPIC:CREATE", Map.of(), "jobs")
                .command("BIND", "logs", "orders", "eu.#");

        // Then
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("""
                        HELLO:my%20client
                        PUB:orders:2
                        hi
                        PUB:orders:k%3A1:lang=es&a%20b=x%26y:2
                        hi
                        XPUB:logs:eu.madrid::2
                        hi
                        PRODUCER:p1:42
                        SUB:weather.*.madrid:*:auto
                        SUB:orders:billing:256:@1700000000000
                        ACK:1:7
                        ACK!:1:3-7
                        NACK:1:7:500
                        NACK:1:7
                        REJECT:1:7:bad%3A%20input
                        EXTEND:1:0-7:60000
                        REPLY:1:7:2
                        hi
                        REQ:echo:1000:2
                        hi
                        UNSUB:2
                        TOPIC:CREATE:jobs:kind=queue
                        TOPIC:CREATE:jobs
                        BIND:logs:orders:eu.#
                        """);
    }

    @Test
    void shouldAskForThePublishTimeBehindThePosition() {
        // Given
        ByteWriter out = new ByteWriter(16);

        // When
        new CommandWriter(out)
                .subscribe("orders", "billing", "256", "", true)
                .subscribe("orders", "billing", "auto", "first", true);

        // Then
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("SUB:orders:billing:256::time\nSUB:orders:billing:auto:first:time\n");
    }

    @Test
    void shouldDecodeWhatItEncodes() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            Random random = new Random(seed);
            StringBuilder value = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                value.appendCodePoint(random.nextInt(0xD7FF));
            }
            ByteWriter out = new ByteWriter(16);

            // When
            Percent.encode(value.toString(), out);

            // Then
            assertThat(Percent.decode(out.array(), 0, out.size()))
                    .as("seed=%d", seed)
                    .isEqualTo(value.toString());
            assertThat(new String(out.toByteArray(), StandardCharsets.US_ASCII)).matches("[A-Za-z0-9._/%-]*");
        }
    }

    @Test
    void shouldLeaveABrokenPercentAsItIs() {
        // Given
        byte[] bytes = "100%:5%2".getBytes(StandardCharsets.UTF_8);

        // When
        byte[] decoded = Percent.decodeBytes(bytes, 0, bytes.length);

        // Then
        assertThat(Arrays.equals(decoded, bytes)).isTrue();
    }
}
