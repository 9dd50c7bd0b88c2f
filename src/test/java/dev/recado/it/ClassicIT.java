package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The conversations of seed 2, and the automatic groups of seed 1. Each test has a broker and its topic {@code
 * default}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassicIT {

    private static final String EMPTY = "ERROR:No messages available";

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void shouldHoldTheClassicConversation() throws Exception {
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection producer = connect(broker);
        assertThat(producer.ask("REGISTER:PRODUCER")).isEqualTo("OK:PRODUCER");
        assertThat(producer.ask("SEND:hola: mundo")).isEqualTo("OK:MSG_ID:0");
        assertThat(producer.ask("SEND:")).isEqualTo("OK:MSG_ID:1");
        producer.send("HEARTBEAT:1700000000");

        TextConnection consumer = connect(broker);
        assertThat(consumer.ask("REGISTER:CONSUMER")).startsWith("OK:CONSUMER:");
        assertThat(consumer.notice()).isEqualTo("NOTIFY:MESSAGES_AVAILABLE:2");
        assertThat(consumer.ask("GET")).isEqualTo("hola: mundo");
        assertThat(consumer.ask("GET")).isEmpty();
        assertThat(consumer.ask("GET")).isEqualTo(EMPTY);

        assertThat(producer.ask("SEND:otra")).isEqualTo("OK:MSG_ID:2");
        assertThat(consumer.notice()).isEqualTo("NOTIFY:MESSAGES_AVAILABLE:1");
        assertThat(consumer.ask("GET")).isEqualTo("otra");
    }

    @Test
    void shouldNotifyAtMostEverySecondWhileMessagesWait() throws Exception {
        // Given
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection producer = connect(broker);
        TextConnection consumer = connect(broker);
        consumer.ask("REGISTER:CONSUMER");

        // When
        producer.ask("SEND:first");
        assertThat(consumer.notice()).isEqualTo("NOTIFY:MESSAGES_AVAILABLE:1");
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            producer.ask("SEND:more");
        }

        // Then
        assertThat(consumer.notice()).isEqualTo("NOTIFY:MESSAGES_AVAILABLE:21");
        assertThat(millisSince(begin)).isBetween(700L, 3_000L);
    }

    @Test
    void shouldFillAutomaticGroupsOfTenAndReuseTheRoomInThem() throws Exception {
        // Given
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection producer = connect(broker);
        for (int i = 0; i < 20; i++) {
            producer.ask("SEND:m" + i);
        }
        List<TextConnection> members = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            members.add(connect(broker));
            assertThat(members.get(i).ask("REGISTER:CONSUMER")).startsWith("OK:CONSUMER:");
        }

        // When
        for (int i = 0; i < 10; i++) {
            assertThat(members.get(i).ask("GET")).isEqualTo("m" + i);
        }

        // Then
        assertThat(members.get(10).ask("GET"))
                .as("the eleventh has a group of its own")
                .isEqualTo("m0");
        members.get(3).close();
        Waiting.until("room in the first group", Duration.ofSeconds(10), () -> joinsAndGets(broker, "m10"));
    }

    private static boolean joinsAndGets(BrokerProcess broker, String expected) {
        try (TextConnection next = broker.connect()) {
            assertThat(next.ask("REGISTER:CONSUMER")).startsWith("OK:CONSUMER:");
            return next.ask("GET").equals(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldLetConsumersNameTheirGroup() throws Exception {
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection producer = connect(broker);
        producer.ask("SEND:m0");
        producer.ask("SEND:m1");
        TextConnection one = connect(broker);
        TextConnection two = connect(broker);
        assertThat(one.ask("REGISTER:CONSUMER:ana:caja")).isEqualTo("OK:CONSUMER:ana");
        assertThat(two.ask("REGISTER:CONSUMER:eva:caja")).isEqualTo("OK:CONSUMER:eva");
        assertThat(one.ask("GET")).isEqualTo("m0");
        assertThat(two.ask("GET")).isEqualTo("m1");
        assertThat(one.ask("GET")).isEqualTo(EMPTY);
    }

    @Test
    void shouldResumeByIdAfterARestart() throws Exception {
        // Given
        BrokerProcess first = start(BrokerProcess.in(work));
        TextConnection producer = connect(first);
        for (int i = 0; i < 4; i++) {
            producer.ask("SEND:m" + i);
        }
        TextConnection own = connect(first);
        assertThat(own.ask("REGISTER:CONSUMER:ana")).isEqualTo("OK:CONSUMER:ana");
        assertThat(own.ask("GET")).isEqualTo("m0");
        TextConnection automatic = connect(first);
        String id = automatic.ask("REGISTER:CONSUMER").substring("OK:CONSUMER:".length());
        assertThat(automatic.ask("GET")).isEqualTo("m0");
        assertThat(automatic.ask("GET")).isEqualTo("m1");

        // When
        assertThat(first.terminate()).isZero();
        BrokerProcess second = first.again();
        open.add(second);

        // Then
        TextConnection ownAgain = connect(second);
        assertThat(ownAgain.ask("REGISTER:CONSUMER:ana")).isEqualTo("OK:CONSUMER:ana");
        assertThat(ownAgain.notice()).isEqualTo("NOTIFY:MESSAGES_AVAILABLE:3");
        assertThat(ownAgain.ask("GET")).isEqualTo("m1");
        TextConnection automaticAgain = connect(second);
        assertThat(automaticAgain.ask("REGISTER:CONSUMER:" + id)).isEqualTo("OK:CONSUMER:" + id);
        assertThat(automaticAgain.ask("GET")).isEqualTo("m2");
    }

    @Test
    void shouldLetTheNewerSessionTakeOverAnId() throws Exception {
        // Given
        BrokerProcess broker = start(BrokerProcess.in(work));
        connect(broker).ask("SEND:m0");
        TextConnection older = connect(broker);
        assertThat(older.ask("REGISTER:CONSUMER:ana")).isEqualTo("OK:CONSUMER:ana");

        // When
        TextConnection newer = connect(broker);
        assertThat(newer.ask("REGISTER:CONSUMER:ana")).isEqualTo("OK:CONSUMER:ana");

        // Then
        assertThat(older.lastLineBeforeClose()).startsWith("ERROR:");
        assertThat(newer.ask("GET")).isEqualTo("m0");
    }

    @Test
    void shouldCloseASilentSessionAndKeepOneWithHeartbeats() throws Exception {
        // Given
        BrokerProcess broker = start(BrokerProcess.in(work).set("sessions.idle-timeout", "1s"));
        TextConnection silent = connect(broker);
        TextConnection alive = connect(broker);
        TextConnection extended = connect(broker);
        assertThat(alive.ask("REGISTER:CONSUMER")).startsWith("OK:CONSUMER:");
        assertThat(extended.ask("HELLO:extended")).startsWith("OK:HELLO:");

        // When
        long begin = System.nanoTime();
        assertThat(silent.ask("REGISTER:CONSUMER")).startsWith("OK:CONSUMER:");
        boolean closed = false;
        while (!closed && millisSince(begin) < 10_000) {
            alive.send("HEARTBEAT:1");
            closed = endsWithin(silent, Duration.ofMillis(100));
        }

        // Then
        assertThat(closed).isTrue();
        assertThat(millisSince(begin)).isGreaterThanOrEqualTo(900);
        assertThat(alive.ask("GET")).isEqualTo(EMPTY);
        assertThat(extended.ask("PING")).isEqualTo("PONG");
    }

    private static boolean endsWithin(TextConnection connection, Duration limit) {
        try {
            return connection.deliveryWithin(limit) != null;
        } catch (AssertionError lastWord) {
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void shouldLeaveWhatAGoneConsumerDidNotGet() throws Exception {
        // Given
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection producer = connect(broker);
        producer.ask("SEND:m0");
        TextConnection gone = connect(broker);
        gone.ask("REGISTER:CONSUMER:ana:caja");

        // When
        gone.reset();
        TextConnection heir = connect(broker);
        heir.ask("REGISTER:CONSUMER:eva:caja");

        // Then
        assertThat(heir.ask("GET")).isEqualTo("m0");
    }

    @Test
    void shouldEncodeLineEndsInWhatGetAnswers() throws Exception {
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection client = connect(broker);
        client.pub("default", "a\nb%c\r");
        client.ask("REGISTER:CONSUMER");
        assertThat(client.ask("GET")).isEqualTo("a%0Ab%25c%0D");
    }

    @Test
    void shouldRefuseAWaitingPublishWhenItsOwnGetFollows() throws Exception {
        // Given
        BrokerProcess broker = start(BrokerProcess.in(work));
        TextConnection client = connect(broker);
        assertThat(client.ask("TOPIC:CREATE:default:limit.messages=1&overflow=block"))
                .startsWith("OK");
        client.ask("REGISTER:CONSUMER");
        assertThat(client.ask("SEND:one")).isEqualTo("OK:MSG_ID:0");

        // When
        client.write("SEND:two\nGET\n").flush();

        // Then
        assertThat(client.reply()).isEqualTo("ERROR:Topic full");
        assertThat(client.reply()).isEqualTo("one");
    }

    @Test
    void shouldKeepSeedTwosLimitsWithItsProfile() throws Exception {
        // Given
        Path profile = Path.of("config", "classic.yaml").toAbsolutePath();
        BrokerProcess broker = start(BrokerProcess.in(work).argument("--config").argument(profile.toString()));
        TextConnection producer = connect(broker);

        // Then
        assertThat(producer.ask("SEND:" + "x".repeat(2_048)))
                .isEqualTo("ERROR:Message too long: 2048 bytes, limit 1024");
        assertThat(producer.ask("SEND:" + "x".repeat(1_024))).isEqualTo("OK:MSG_ID:0");
        producer.write("SEND:m\n".repeat(999).getBytes(StandardCharsets.US_ASCII))
                .flush();
        for (int i = 1; i < 1_000; i++) {
            assertThat(producer.reply()).isEqualTo("OK:MSG_ID:" + i);
        }
        assertThat(producer.ask("SEND:one too many")).startsWith("ERROR:");
        for (int i = 1; i < 100; i++) {
            assertThat(connect(broker).ask("REGISTER:CONSUMER")).startsWith("OK:CONSUMER:");
        }
        assertThat(connect(broker).lastLineBeforeClose()).startsWith("ERROR:");
    }

    private BrokerProcess start(BrokerProcess.Plan plan) throws IOException {
        BrokerProcess broker = plan.start();
        open.add(broker);
        return broker;
    }

    private TextConnection connect(BrokerProcess broker) throws IOException {
        TextConnection connection = broker.connect();
        open.add(0, connection);
        return connection;
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
