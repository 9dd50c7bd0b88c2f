package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that break the grammar: they get an error or lose their connection; a healthy client beside them notices
 * nothing.
 */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputIT {

    private static final long WORST_ROUND_MS = 5_000;

    /** Some of everything; each test of mutation breaks it in another way. */
    private static final String HONEST = """
            HELLO:x
            CONFIRM:RANGE
            PRODUCER:p:1
            PUB:mut:3
            abc
            PUB:mut:k:a=b&c=d:3
            abc
            SUB:mut:g:10:first
            ACK:1:0
            NACK:1:1:5
            EXTEND:1:0:100
            BROWSE:mut:first:3
            CREDIT:1:5
            STATS
            UNSUB:1
            PING
            """;

    private static BrokerProcess broker;
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
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONSENSE", "pub:t:1", "GET:extra:fields", "TOPIC:EXPLODE:t", "PINGPONG", "SUB", "ACK:1"})
    void shouldAnswerAnErrorToWhatItDoesNotKnowAndGoOn(String line) throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            String reply = peer.ask(line);

            // Then
            assertThat(reply).startsWith("ERROR:");
            assertThat(peer.ask("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void shouldNameTheUnknownCommand() throws IOException {
        try (TextConnection peer = broker.connect()) {
            assertThat(peer.ask("NONSENSE:x")).startsWith("ERROR:Unknown command: NONSENSE");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUB:bad:-1",
                "PUB:bad:",
                "PUB:bad:abc",
                "PUB:bad:1e3",
                "PUB:bad:2147483648",
                "PUB:bad:9223372036854775808",
                "PUB:bad:99999999999999999999999999",
                "PUB:bad:key::-5",
                "XPUB:ex:key::-1",
                "REQ:bad:1000:-1"
            })
    void shouldCloseAfterABadLength(String line) throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            peer.send(line);

            // Then
            assertThat(peer.lastLineBeforeClose()).startsWith("ERROR:");
        }
    }

    @Test
    void shouldRefuseALengthAboveTheLimitBeforeReadingTheBody() throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            peer.send("PUB:bad:2147483647");

            // Then
            assertThat(peer.reply()).startsWith("ERROR:");
        }
    }

    @Test
    void shouldCloseWhenThePayloadIsNotFollowedByALineEnd() throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            peer.write("PUB:bad:3\nabcXPING\n").flush();

            // Then
            assertThat(peer.lastLineBeforeClose()).startsWith("ERROR:");
        }
    }

    @Test
    void shouldCloseAnEndlessLine() throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            byte[] chunk = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
            boolean open = true;
            for (int i = 0; open && i < 512; i++) {
                open = tryWrite(peer, chunk);
            }

            // Then
            assertThat(open).as("the connection takes 32 MiB of one line").isFalse();
        }
    }

    @Test
    void shouldAnswerAnErrorToALineAboveTheLimit() throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            peer.write("HELLO:" + "x".repeat(66 << 10) + "\n").flush();

            // Then
            assertThat(peer.reply()).startsWith("ERROR:");
        }
    }

    @Test
    void shouldSurviveBinaryRubbish() throws IOException {
        long seed = System.nanoTime();
        System.out.println("BadInputIT rubbish seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] rubbish = new byte[1 + random.nextInt(64 << 10)];
            random.nextBytes(rubbish);
            try (TextConnection peer = broker.connect()) {
                tryWrite(peer, rubbish);
            }
        }
        others.awaitRounds(3);
    }

    @Test
    void shouldSurviveMutatedCommands() throws IOException {
        long seed = System.nanoTime();
        System.out.println("BadInputIT mutation seed=" + seed);
        Random random = new Random(seed);
        byte[] honest = HONEST.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 300; i++) {
            byte[] mutated = honest.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            try (TextConnection peer = broker.connect()) {
                tryWrite(peer, mutated);
                if (i % 10 == 0) {
                    peer.reset();
                }
            }
        }
        others.awaitRounds(3);
    }

    @Test
    void shouldLetGoOfHalfOpenConnections() throws IOException {
        List<TextConnection> halfOpen = new ArrayList<>();
        String[] beginnings = {"", "PU", "PUB:half:100\nonly a part", "PUB:half:16777216\n", "SEND:never ended"};
        for (int i = 0; i < 200; i++) {
            TextConnection peer = broker.connect();
            halfOpen.add(peer);
            peer.write(beginnings[i % beginnings.length]).flush();
            if (i % 3 == 0) {
                peer.finishWriting();
            }
        }
        others.awaitRounds(10);
        for (TextConnection peer : halfOpen) {
            peer.reset();
        }
        others.awaitRounds(3);
    }

    @Test
    void shouldNotStoreAMessageOfWhichOnlyAPartCame() throws IOException {
        // Given
        try (TextConnection peer = broker.connect()) {
            peer.write("PUB:part:10\n12345").flush();
            peer.finishWriting();
            peer.lastLineBeforeClose();
        }

        // Then
        try (TextConnection reader = broker.connect()) {
            assertThat(reader.pub("part", "whole")).isEqualTo("OK:MSG_ID:0");
        }
    }

    @Test
    void shouldAnswerEverythingThatCameBeforeAPeerShutItsSide() throws IOException {
        for (int i = 0; i < 300; i++) {
            try (TextConnection peer = broker.connect()) {
                // When
                peer.write("TOPIC:CREATE:half" + i + "\n")
                        .writePub("half" + i, "kept")
                        .write("PING\n")
                        .flush();
                peer.finishWriting();

                // Then
                assertThat(peer.reply()).isEqualTo("OK:TOPIC:CREATE:half" + i);
                assertThat(peer.reply()).isEqualTo("OK:MSG_ID:0");
                assertThat(peer.reply()).isEqualTo("PONG");
            }
        }
    }

    @Test
    void shouldServeAPeerThatSendsOneByteAtATime() throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            for (byte next : "PING\r\nPUB:slow:5\nhello\nPING\n".getBytes(StandardCharsets.US_ASCII)) {
                peer.write(new byte[] {next}).flush();
                others.awaitRounds(1);
            }

            // Then
            assertThat(peer.reply()).isEqualTo("PONG");
            assertThat(peer.reply()).startsWith("OK:MSG_ID:");
            assertThat(peer.reply()).isEqualTo("PONG");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUB:odd:g:-1",
                "SUB:odd:g:nonsense",
                "SUB:odd:g:10:never",
                "SUB:%zz:g",
                "EXTEND:7:0:1000",
                "UNSUB:99",
                "CONFIRM:SOMETIMES",
                "PRODUCER:p:minus",
                "BROWSE:odd:first:-3",
                "TOPIC:CREATE:odd2:nonsense=1",
                "TOPIC:CREATE:odd2:partitions=0",
                "TOPIC:CREATE:odd2:durability=hope"
            })
    void shouldAnswerAnErrorToABadField(String line) throws IOException {
        try (TextConnection peer = broker.connect()) {
            // When
            String reply = peer.ask(line);

            // Then
            assertThat(reply).startsWith("ERROR:");
            assertThat(peer.ask("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void shouldIgnoreAcknowledgementsOfWhatIsNotHeld() throws IOException {
        try (TextConnection peer = broker.connect()) {
            assertThat(peer.ask("SUB:unheld:g")).isEqualTo("OK:SUB:1");
            peer.send("ACK:1:12345").send("ACK:1:UPTO:99999").send("NACK:1:7").send("REJECT:1:7");
            assertThat(peer.ask("PING")).isEqualTo("PONG");
        }
    }

    private static boolean tryWrite(TextConnection peer, byte[] bytes) {
        try {
            peer.write(bytes).flush();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
