package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.amqp.ClientFrames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * AMQP clients that break the rules, at a broker with a small heap: they are told so or lose their connection, and a
 * healthy client beside them notices nothing.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmqpBadInputIT {

    private static final long WORST_ROUND_MS = 5_000;
    private static final int FRAME_BYTES = 131_072;
    private static final int TINY_FRAMES = 1_000_000;

    @SuppressWarnings("NullAway.Init") // Set before a test begins.
    private static BrokerProcess broker;

    @SuppressWarnings("NullAway.Init") // Set before a test begins.
    private HealthyTraffic others;

    @BeforeAll
    static void startBroker(@WorkDir Path work) throws IOException {
        broker = BrokerProcess.in(work).heapMiB(256).start();
    }

    @AfterAll
    static void stopBroker() {
        assertThat(broker.isAlive()).isTrue();
        broker.close();
    }

    @BeforeEach
    void startOthers() {
        others = new HealthyTraffic(broker.textPort(), "healthy");
    }

    @AfterEach
    void judgeOthers() {
        others.awaitRounds(3);
        others.close();
        assertThat(others.worstMs()).as("slowest round of the healthy client").isLessThan(WORST_ROUND_MS);
        assertThat(broker.isAlive()).isTrue();
    }

    private static int port() {
        return broker.port("amqp");
    }

    /** {@code queue.declare q} with a table in a table and so on, or whatever else stands in place of its table. */
    private static String declare(String table) {
        return "! send 1 frame 1 0032000a0000017100" + table;
    }

    private static String nested(int depth) {
        String inner = "00000000";
        for (int i = 0; i < depth; i++) {
            String field = "0161" + "46" + inner;
            inner = HexFormat.of().toHexDigits(field.length() / 2, 8) + field;
        }
        return inner;
    }

    @TestFactory
    Stream<DynamicTest> shouldEndTheConnectionOfWhoBreaksTheRules() {
        return Stream.of(
                        List.of("a frame over the limit", "! bytes 03000100020009", "501 FRAME_ERROR"),
                        List.of("a frame of 4 GiB", "! bytes 010001ffffffff", "501 FRAME_ERROR"),
                        List.of("a wrong end", "! bytes 010001000000050014000a0000", "501 FRAME_ERROR"),
                        List.of("a frame of unknown type", "! send 1 frame 9 00", "501 FRAME_ERROR"),
                        List.of("a header alone", "! send 1 frame 2 003c00000000000000000000", "505 UNEXPECTED"),
                        List.of("a body alone", "! send 1 frame 3 6162", "505 UNEXPECTED_FRAME"),
                        List.of(
                                "a body longer than declared",
                                "! send 1 frame 1 003c0028000000017100\n"
                                        + "! send 1 frame 2 003c000000000000000000020000\n! send 1 frame 3 616263",
                                "501 FRAME_ERROR"),
                        List.of("tables 100 deep", declare(nested(100)), "502 SYNTAX_ERROR"),
                        List.of("a table longer than its frame", declare("7fffffff"), "502 SYNTAX_ERROR"),
                        List.of("a table of negative length", declare("ffffffff"), "502 SYNTAX_ERROR"),
                        List.of("a text longer than its table", declare("00000007016153ffffffff"), "502 SYNTAX_ERROR"),
                        List.of("a letter that is none", declare("00000004016151ff"), "502 SYNTAX_ERROR"),
                        List.of(
                                "a method on a channel that was closed",
                                "> 1 channel.close 200\n> 1 basic.get q",
                                "504"),
                        List.of("a queue on channel 0", "! send 0 queue.declare q", "504 CHANNEL_ERROR"),
                        List.of("a content on channel 0", "! send 0 frame 3 00", "505 UNEXPECTED_FRAME"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    List<String> script = Stream.concat(row.get(1).lines(), Stream.of("! ended"))
                            .toList();
                    List<String> heard = new AmqpConversation(row.get(0), script).hold(port(), "-bad-");
                    assertThat(heard).anyMatch(line -> line.startsWith("a [0] 0 connection.close " + row.get(2)));
                }));
    }

    @Test
    void shouldDropPublishesUntilACloseIsAgreed() throws IOException {
        try (AmqpCaller caller = AmqpCaller.ready(port())) {
            // Given
            caller.hold();
            caller.say("1 queue.declare none-such passive");
            byte[] publish = ClientFrames.of("1 basic.publish '' half-open : " + "x".repeat(2_000), FRAME_BYTES);

            // When
            for (int i = 0; i < 20_000; i++) {
                caller.raw(publish);
            }
            caller.send("1 channel.close-ok");
            caller.say("1 channel.open");
            caller.say("1 queue.declare half-open exclusive");

            // Then
            assertThat(caller.end("a")).contains("a [1] 1 queue.declare-ok half-open 0 0");
        }
    }

    @Test
    void shouldTakeAMillionTinyFrames() throws IOException {
        try (AmqpCaller caller = AmqpCaller.ready(port())) {
            // Given
            byte[] some = new byte[8 * 1_000];
            byte[] heartbeat = ClientFrames.frame(8, 0);
            for (int i = 0; i < some.length; i += heartbeat.length) {
                System.arraycopy(heartbeat, 0, some, i, heartbeat.length);
            }

            // When
            for (int i = 0; i < TINY_FRAMES / 1_000; i++) {
                caller.raw(some);
            }

            // Then
            caller.say("1 basic.qos 0 5");
            assertThat(caller.end("a")).contains("a [1] 1 basic.qos-ok");
        }
    }

    @Test
    void shouldTakeABodyInTinyFrames() throws IOException {
        try (AmqpCaller caller = AmqpCaller.ready(port())) {
            // Given
            caller.say("1 queue.declare tiny exclusive");
            caller.send("1 frame 1 003c0028000000" + "0474696e79" + "00");
            caller.send("1 frame 2 003c0000" + HexFormat.of().toHexDigits(100_000L) + "0000");
            byte[] one = ClientFrames.frame(3, 1, (byte) 'x');

            // When
            for (int i = 0; i < 100_000; i++) {
                caller.raw(one);
            }

            // Then
            caller.say("1 basic.get tiny no-ack");
            assertThat(caller.end("a"))
                    .anyMatch(line -> line.startsWith("a [1] 1 basic.get-ok 1") && line.length() > 100_000);
        }
    }

    /** Sends until its broker takes no more, and reads nothing. */
    private static Socket deaf(byte[] again, int times) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        Thread sender = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < times; i++) {
                            socket.getOutputStream().write(again);
                        }
                    } catch (IOException closed) {
                        // It is closed in the end, by one side or the other.
                    }
                },
                "deaf-client");
        sender.setDaemon(true);
        socket.getOutputStream().write("AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1));
        byte[] plain = "\0guest\0guest".getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(ClientFrames.startOk("PLAIN", plain));
        for (String line : List.of("0 connection.tune-ok 2047 131072 0", "0 connection.open /", "1 channel.open")) {
            socket.getOutputStream().write(ClientFrames.of(line, FRAME_BYTES));
        }
        sender.start();
        return socket;
    }

    @Test
    void shouldBearAClientThatAsksAndDoesNotRead() throws IOException {
        byte[] ask = ClientFrames.of("1 queue.declare no-such-thing no-wait", FRAME_BYTES);
        byte[] qos = ClientFrames.of("1 basic.qos 0 1", FRAME_BYTES);
        byte[] both = new byte[ask.length + 1_000 * qos.length];
        System.arraycopy(ask, 0, both, 0, ask.length);
        for (int i = 0; i < 1_000; i++) {
            System.arraycopy(qos, 0, both, ask.length + i * qos.length, qos.length);
        }
        try (Socket deaf = deaf(both, 5_000)) {
            others.awaitRounds(100);
            assertThat(deaf.isConnected()).isTrue();
        }
    }

    @Test
    void shouldBearAClientThatConsumesAndDoesNotRead() throws IOException {
        // Given
        try (AmqpCaller publisher = AmqpCaller.ready(port())) {
            publisher.say("1 queue.declare unread durable");
            publisher.say("1 confirm.select");
            String body = "y".repeat(100_000);
            for (int i = 0; i < 1_000; i++) {
                publisher.send("1 basic.publish '' unread : " + body);
            }
            publisher.await("1 confirm", 1_000);

            // When
            byte[] consume = ClientFrames.of("1 basic.consume unread '' no-ack", FRAME_BYTES);
            try (Socket deaf = deaf(consume, 20)) {
                others.awaitRounds(100);
                assertThat(deaf.isConnected()).isTrue();
            }

            // Then
            publisher.say("1 queue.delete unread");
            assertThat(publisher.end("a")).anyMatch(line -> line.contains("queue.delete-ok"));
        }
    }

    @Test
    void shouldEndAConnectionWithoutHeartbeats() throws IOException {
        try (AmqpCaller caller = AmqpCaller.silent(port())) {
            // Given
            caller.header();
            caller.login("PLAIN", "\0guest\0guest");
            caller.send("0 connection.tune-ok 2047 131072 1");
            caller.say("0 connection.open /");

            // When
            caller.awaitEnd();

            // Then
            assertThat(caller.end("a")).last().isEqualTo("a [0] ended");
        }
    }
}
