package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ways from a publish to its topics and beyond them: exchanges, taps, patterns, request and reply. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoutingIT {

    private static final Duration GLANCE = Duration.ofMillis(200);

    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker(@WorkDir Path work) throws IOException {
        broker = BrokerProcess.in(work).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldRouteDirectlyByEqualKey() throws Exception {
        try (TextConnection client = broker.connect()) {
            // Given
            exchange(client, "direct-x", "direct", "dx-a", "dx-b");
            ok(client, "BIND:direct-x:dx-a:red");
            ok(client, "BIND:direct-x:dx-b:red");
            ok(client, "BIND:direct-x:dx-b:blue");

            // Then
            assertThat(client.xpub("direct-x", "red", "", "r")).isEqualTo("OK:ROUTED:2");
            assertThat(client.xpub("direct-x", "blue", "", "b")).isEqualTo("OK:ROUTED:1");
            assertThat(payloads("dx-a")).containsExactly("r");
            assertThat(payloads("dx-b")).containsExactly("r", "b");
        }
    }

    @Test
    void shouldRouteToAllByFanout() throws Exception {
        try (TextConnection client = broker.connect()) {
            exchange(client, "fan-x", "fanout", "fx-a", "fx-b", "fx-c");
            ok(client, "BIND:fan-x:fx-a:");
            ok(client, "BIND:fan-x:fx-b:ignored");
            ok(client, "BIND:fan-x:fx-c:");
            assertThat(client.xpub("fan-x", "any", "", "f")).isEqualTo("OK:ROUTED:3");
            ok(client, "UNBIND:fan-x:fx-c:");
            assertThat(client.xpub("fan-x", "any", "", "g")).isEqualTo("OK:ROUTED:2");
            assertThat(payloads("fx-a")).containsExactly("f", "g");
            assertThat(payloads("fx-c")).containsExactly("f");
        }
    }

    @Test
    void shouldRouteByTopicPatterns() throws Exception {
        try (TextConnection client = broker.connect()) {
            exchange(client, "topic-x", "topic", "tx-star", "tx-hash");
            ok(client, "BIND:topic-x:tx-star:stock.*.nyse");
            ok(client, "BIND:topic-x:tx-hash:stock.#");
            assertThat(client.xpub("topic-x", "stock.ibm.nyse", "", "1")).isEqualTo("OK:ROUTED:2");
            assertThat(client.xpub("topic-x", "stock", "", "2")).isEqualTo("OK:ROUTED:1");
            assertThat(client.xpub("topic-x", "stock.a.b.nyse", "", "3")).isEqualTo("OK:ROUTED:1");
            assertThat(payloads("tx-star")).containsExactly("1");
            assertThat(payloads("tx-hash")).containsExactly("1", "2", "3");
        }
    }

    @Test
    void shouldRouteByHeaders() throws Exception {
        try (TextConnection client = broker.connect()) {
            exchange(client, "headers-x", "headers", "hx-all", "hx-any");
            ok(client, "BIND:headers-x:hx-all::x-match=all&a=1&b=2");
            ok(client, "BIND:headers-x:hx-any::x-match=any&a=1&b=2");
            assertThat(client.xpub("headers-x", "", "a=1&b=2", "both")).isEqualTo("OK:ROUTED:2");
            assertThat(client.xpub("headers-x", "", "a=1", "one")).isEqualTo("OK:ROUTED:1");
            assertThat(payloads("hx-all")).containsExactly("both");
            assertThat(payloads("hx-any")).containsExactly("both", "one");
        }
    }

    @Test
    void shouldSayThatNoTopicGotIt() throws Exception {
        try (TextConnection client = broker.connect()) {
            exchange(client, "lonely-x", "direct");
            assertThat(client.xpub("lonely-x", "nobody", "", "x")).isEqualTo("OK:ROUTED:0");
            assertThat(client.xpub("no-such-exchange", "nobody", "", "x")).startsWith("ERROR:");
        }
    }

    @Test
    void shouldListAndDeleteExchanges() throws Exception {
        try (TextConnection client = broker.connect()) {
            exchange(client, "short-lived", "fanout");
            assertThat(client.list("EXCHANGE:LIST")).anyMatch(line -> line.contains("short-lived"));
            ok(client, "EXCHANGE:DELETE:short-lived");
            assertThat(client.list("EXCHANGE:LIST")).noneMatch(line -> line.contains("short-lived"));
            assertThat(client.ask("EXCHANGE:CREATE:bad:nonsense")).startsWith("ERROR:");
        }
    }

    @Test
    void shouldBroadcastToEveryTapFromNowOn() throws Exception {
        try (TextConnection client = broker.connect();
                TextConnection one = broker.connect();
                TextConnection two = broker.connect()) {
            // Given
            client.pub("tap-topic", "before");
            assertThat(one.ask("SUB:tap-topic:*")).isEqualTo("OK:SUB:1");
            assertThat(two.ask("SUB:tap-topic:*")).isEqualTo("OK:SUB:1");

            // When
            for (int i = 0; i < 500; i++) {
                client.pub("tap-topic", "m" + i);
            }

            // Then
            for (TextConnection tap : List.of(one, two)) {
                List<TextConnection.Delivery> got = tap.deliveries(500);
                assertThat(got.get(0).payload()).isEqualTo("m0");
                assertThat(got.get(499).payload()).isEqualTo("m499");
            }
        }
    }

    @Test
    void shouldKeepLargeTapFramesWholeBetweenReplies() throws Exception {
        // Given
        String payload = "t".repeat(100_000);
        List<TextConnection> taps = new ArrayList<>();
        try (TextConnection publisher = broker.connect()) {
            publisher.ask("TOPIC:CREATE:wide:durability=memory");
            for (int i = 0; i < 4; i++) { // several share an event loop
                TextConnection tap = broker.connect();
                taps.add(tap);
                assertThat(tap.ask("SUB:wide:*")).isEqualTo("OK:SUB:1");
                assertThat(tap.ask("SUB:wide:*")).isEqualTo("OK:SUB:2");
            }

            // When
            for (int i = 0; i < 20; i++) {
                publisher.writePub("wide", payload);
            }
            publisher.flush();
            for (int round = 0; round < 20; round++) {
                for (TextConnection tap : taps) {
                    tap.send("PING");
                }
            }

            // Then
            for (TextConnection tap : taps) {
                for (int round = 0; round < 20; round++) {
                    assertThat(tap.reply()).isEqualTo("PONG");
                }
                assertThat(tap.deliveries(40))
                        .allMatch(delivery -> delivery.payload().equals(payload));
            }
        } finally {
            for (TextConnection tap : taps) {
                tap.close();
            }
        }
    }

    @Test
    void shouldCollectTopicsByPattern() throws Exception {
        try (TextConnection client = broker.connect();
                TextConnection reader = broker.connect()) {
            // Given
            client.pub("weather.es.madrid", "before");
            assertThat(reader.ask("SUB:weather.*.madrid:g")).isEqualTo("OK:SUB:1");

            // When
            client.pub("weather.es.madrid", "sun");
            client.pub("weather.es.toledo", "rain");
            client.pub("weather.us.madrid", "snow");

            // Then
            List<TextConnection.Delivery> got = reader.deliveries(2);
            assertThat(got).extracting(TextConnection.Delivery::payload).containsExactly("sun", "snow");
            assertThat(got.get(0).headers()).contains("topic=weather.es.madrid");
            assertThat(got.get(1).headers()).contains("topic=weather.us.madrid");
            assertThat(reader.deliveryWithin(GLANCE)).isNull();
        }
    }

    @Test
    void shouldAnswerARequest() throws Exception {
        try (TextConnection client = broker.connect();
                TextConnection service = broker.connect()) {
            // Given
            assertThat(service.ask("SUB:service:workers:10:first")).isEqualTo("OK:SUB:1");

            // When
            client.write("REQ:service:5000:5\nhello\n").flush();
            TextConnection.Delivery request = service.delivery();
            assertThat(request.headers()).contains("reply-to=");
            service.write("REPLY:1:" + request.id() + ":6\nworld!\n").flush();

            // Then
            assertThat(client.reply()).isEqualTo("REP:world!");
            assertThat(Figures.group(client, "service", "workers", "backlog")).isZero();
        }
    }

    @Test
    void shouldTellThatNobodyAnswered() throws Exception {
        try (TextConnection client = broker.connect()) {
            assertThat(client.ask("REQ:no-service:200:1\nx")).startsWith("ERROR:Timeout");
            assertThat(client.ask("PING")).isEqualTo("PONG");
        }
    }

    private static void exchange(TextConnection client, String name, String type, String... topics) throws IOException {
        ok(client, "EXCHANGE:CREATE:" + name + ":" + type);
        for (String topic : topics) {
            ok(client, "TOPIC:CREATE:" + topic);
        }
    }

    private static void ok(TextConnection client, String command) throws IOException {
        assertThat(client.ask(command)).as(command).startsWith("OK");
    }

    private static List<String> payloads(String topic) throws IOException {
        try (TextConnection reader = broker.connect()) {
            ok(reader, "SUB:" + topic + ":check:100:first");
            List<TextConnection.Delivery> got = new ArrayList<>();
            for (var next = reader.deliveryWithin(GLANCE); next != null; next = reader.deliveryWithin(GLANCE)) {
                got.add(next);
            }
            return got.stream().map(TextConnection.Delivery::payload).toList();
        }
    }
}
