package dev.recado.transport.text.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    void shouldWriteBindingsAndKeysOfSeveralKinds() {
        // Given
        ByteWriter out = new ByteWriter(16);

        // When
        new CommandWriter(out)
                .publish("orders", "", Map.of(), "", HI)
                .publish("orders", "k", Map.of(), "priority=5&nosync", HI)
                .publishThrough("logs", List.of("a"), Map.of(), "", HI)
                .publishThrough("logs", List.of("a"), Map.of(), "nosync", HI)
                .publishThrough("logs", List.of("a", "b&c", "d"), Map.of("k", "v"), "", HI)
                .publishThrough("logs", List.of("a", "b"), Map.of(), "nosync", HI)
                .binding("BIND", Map.of(), Map.of(), "logs", "orders", "eu.#")
                .binding("BIND", Map.of("k", "v"), Map.of(), "logs", "orders", "")
                .binding("EXCHANGE:BIND", Map.of(), Map.of("n", "\"\""), "logs", "other", "");

        // Then
        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("""
                        PUB:orders:2
                        hi
                        PUB:orders:k::priority=5&nosync:2
                        hi
                        XPUB:logs:a::2
                        hi
                        XPUB:logs:a:::nosync:2
                        hi
                        XPUB:logs:a:k=v:b%26c&d:2
                        hi
                        XPUB:logs:a::b:nosync:2
                        hi
                        BIND:logs:orders:eu.#
                        BIND:logs:orders::k=v
                        EXCHANGE:BIND:logs:other:::n=%22%22
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
}
