package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.topic.CatalogChange;
import dev.recado.security.Identity;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ShortString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What clients of Python, PHP, Perl, Ruby, C and JavaScript were seen to do where a good guess is wrong, and what they
 * need of the server for it.
 */
class AmqpScriptClientHabitsTest {

    private static final String DECLARED = """
            > 1 queue.declare q
            < 1 queue.declare-ok q 0 0
            """;

    private static final byte[] PERL_HEADER = "AMQP\1\1\0\11".getBytes(StandardCharsets.ISO_8859_1);

    private final AmqpStage stage = new AmqpStage();

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<String> heard(AmqpPeer peer) {
        stage.turn();
        return AmqpStage.heard(peer);
    }

    private String start() {
        AmqpPeer peer = stage.connection("");
        peer.send(AmqpPeer.HEADER);
        return heard(peer).get(0);
    }

    /** A connection after its tune-ok, and what the server has said to its open. */
    private AmqpPeer tuned(AmqpStage on, String tuneOk) {
        AmqpPeer peer = on.connection("");
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
        on.turn();
        AmqpStage.heard(peer);
        peer.send("0 connection.tune-ok " + tuneOk, "0 connection.open /");
        on.turn();
        return peer;
    }

    /** The method of a publish to queue q, without its content. */
    private static void putPublish(ByteWriter out) {
        int mark = AmqpFrames.begin(out, 1, MethodId.BASIC_PUBLISH);
        out.putShort(0);
        ShortString.put(out, "");
        ShortString.put(out, "q");
        out.put(0);
        AmqpFrames.end(out, mark);
    }

    /** Celery asks for one message more, on the consumer that runs, for each task that waits for its time. */
    @Test
    void shouldRaiseThePrefetchOfCelerysRunningConsumer() {
        stage.play(DECLARED + """
                > 1 basic.publish '' q : eta1
                > 1 basic.publish '' q : eta2
                > 1 basic.publish '' q : eta3
                > 1 basic.publish '' q : now
                > 1 basic.qos 0 1
                < 1 basic.qos-ok
                > 1 basic.consume q None1
                < 1 basic.consume-ok None1
                < 1 basic.deliver None1 1 '' q : eta1
                > 1 basic.qos 0 2
                < 1 basic.qos-ok
                < 1 basic.deliver None1 2 '' q : eta2
                > 1 basic.qos 0 3
                < 1 basic.qos-ok
                < 1 basic.deliver None1 3 '' q : eta3
                > 1 basic.qos 0 4
                < 1 basic.qos-ok
                < 1 basic.deliver None1 4 '' q : now
                > 1 basic.ack 4
                """);
        assertThat(start()).contains("product=Recado");
    }

    /** Kombu's pidbox declares its reply queue again right after the cancel with which the last one ends. */
    @Test
    void shouldMakeAQueueAnewThatEndsMeanwhile() {
        // Given
        stage.play("""
                > 1 queue.declare r auto-delete x-expires=10000
                < 1 queue.declare-ok r 0 0
                > 1 queue.declare s auto-delete
                < 1 queue.declare-ok s 0 0
                """);
        for (String queue : List.of("r", "s")) {
            UUID old = stage.topic(queue).uuid();

            // When
            stage.broker.beforeNextChange =
                    () -> stage.broker.change(new CatalogChange.DeleteTopic(old), Identity.BROKER);
            stage.play("> 1 queue.declare " + queue + " auto-delete" + (queue.equals("r") ? " x-expires=10000" : "")
                    + "\n< 1 queue.declare-ok " + queue + " 0 0"
                    + "\n> 1 queue.bind " + queue + " amq.direct key\n< 1 queue.bind-ok");

            // Then
            assertThat(stage.topic(queue).uuid()).isNotEqualTo(old);
        }
    }

    /** What is compared of a queue is the same for one that ends by itself. */
    @Test
    void shouldTakeAnAutoDeleteQueueThatDiffersByWhatIsNotCompared() {
        stage.play("""
                > 1 queue.declare r auto-delete
                < 1 queue.declare-ok r 0 0
                > 1 queue.declare r auto-delete x-nobody-knows=true
                < 1 queue.declare-ok r 1 1
                """);
    }

    /** The client rabbitmq-client takes frame_max for the length of the payload. */
    @Test
    void shouldTakeAPayloadAsLongAsAFrame() {
        // Given
        AmqpPeer peer = tuned(stage, "2047 8192 60");
        peer.send("1 channel.open", "1 queue.declare q");
        peer.frameBytesMax = 8_200;

        // When
        peer.send("1 basic.publish '' q : " + "x".repeat(20_000));
        List<String> first = heard(peer);
        peer.frameBytesMax = 8_201;
        peer.send("1 basic.publish '' q : " + "x".repeat(20_000));

        // Then
        assertThat(first).last().isEqualTo("1 queue.declare-ok q 0 0");
        assertThat(stage.stored("q")).containsExactly("x".repeat(20_000));
        assertThat(heard(peer)).singleElement().asString().startsWith("0 connection.close 501 FRAME_ERROR");
    }

    /** Perl refuses a server without AMQPLAIN; py-amqp prefers EXTERNAL and then sends no password. */
    @Test
    void shouldOfferAmqplainAndNoExternal() {
        assertThat(start()).endsWith("} PLAIN AMQPLAIN en_US");
    }

    /** Perl's Net::AMQP begins with the header of 0-9; php-amqplib logs in by a table without its length. */
    @Test
    void shouldLetInPerl() {
        // Given
        AmqpPeer peer = stage.connection("");

        // When
        peer.send(PERL_HEADER);
        peer.startOk("AMQPLAIN", AmqpPeer.amqPlain("guest", "guest"));
        peer.send("0 connection.tune-ok 2047 131072 60", "0 connection.open /", "1 channel.open");

        // Then
        assertThat(heard(peer)).hasSize(4).last().isEqualTo("1 channel.open-ok");
    }

    /** Without them aiormq ends with a KeyError and pika refuses to confirm; python3-amqplib cannot read booleans. */
    @Test
    void shouldTellCapabilitiesAsBooleans() {
        assertThat(start())
                .startsWith("0 connection.start 0 9 {capabilities={")
                .contains("publisher_confirms=true", "basic.nack=true", "consumer_cancel_notify=true");
    }

    /** The library librabbitmq, below PHP's extension and amqp-tools, fails on what it has not announced. */
    @Test
    void shouldSendNoCancelToWhoHasNotAnnouncedIt() {
        stage.capabilities = new String[0];
        stage.play("""
                a> 1 queue.declare q
                a< 1 queue.declare-ok q 0 0
                a> 1 basic.consume q t
                a< 1 basic.consume-ok t
                b> 1 queue.delete q
                b< 1 queue.delete-ok 0
                a> 1 queue.declare other
                a< 1 queue.declare-ok other 0 0
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldTakeALowerTuneOk() {
        return Stream.of("256 131072 0", "100 131072 5", "2047 8192 60", "2047 4096 60", "2047 131072 600")
                .map(tuneOk -> DynamicTest.dynamicTest(tuneOk, () -> {
                    AmqpStage fresh = new AmqpStage();
                    assertThat(AmqpStage.heard(tuned(fresh, tuneOk))).containsExactly("0 connection.open-ok");
                }));
    }

    /** Where nothing is offered cloudamqp's client cannot publish, and aio-pika sends any body in one frame. */
    @Test
    void shouldOfferChannelsBytesAndAHeartbeat() {
        AmqpPeer peer = stage.connection("");
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
        assertThat(heard(peer)).last().isEqualTo("0 connection.tune 2047 131072 60");
    }

    /** AnyEvent::RabbitMQ says with each message who publishes it, and when. */
    @Test
    void shouldTakeTheLoginsUserId() {
        stage.play(DECLARED + """
                > 1 basic.publish '' q content-type=application/octet-stream delivery-mode=1 priority=1\
                 timestamp=1700000000 user-id=guest : a
                > 1 basic.get q no-ack
                < 1 basic.get-ok 1 '' q 1 content-type=application/octet-stream delivery-mode=1 priority=1\
                 timestamp=1700000000 user-id=guest : a
                > 1 basic.publish '' q user-id='' : b
                < 1 channel.close 406 PRECONDITION_FAILED - user_id property set to '' but authenticated user was\
                 'guest' (basic.publish)
                """);
    }

    /** Celery and PHP send empty arrays and nothing inside arrays, others each letter; all of it passes as it came. */
    @Test
    void shouldPassHeadersOfAllLettersByteForByte() {
        // Given
        ByteWriter fields = new ByteWriter(256);
        String[] values = {
            "t\1",
            "b\377",
            "B\377",
            "s\0\1",
            "u\0\1",
            "I\0\0\0\1",
            "i\0\0\0\1",
            "l\0\0\0\0\0\0\0\1",
            "L\0\0\0\0\0\0\0\1",
            "f\0\0\0\0",
            "d\0\0\0\0\0\0\0\0",
            "D\1\0\0\0\5",
            "S\0\0\0\1a",
            "x\0\0\0\1\0",
            "T\0\0\0\0\0\0\0\1",
            "V",
            "A\0\0\0\0",
            "A\0\0\0\2VV",
            "F\0\0\0\0",
            "F\0\0\0\3\1zV"
        };
        for (String value : values) {
            fields.put(latin("\3key" + value));
        }
        ByteWriter properties =
                new ByteWriter(256).putShort(0x2000).putInt(fields.size()).put(fields.toByteArray());
        ByteWriter publish = new ByteWriter(512);
        putPublish(publish);
        AmqpFrames.putContentHeader(publish, 1, 0, properties.array(), 0, properties.size());
        AmqpPeer peer = stage.peer("");
        peer.send("1 queue.declare q");
        peer.send(publish.toByteArray());
        stage.turn();
        int before = peer.received.size();

        // When
        peer.send("1 basic.get q no-ack");
        stage.turn();

        // Then
        byte[] answer = Arrays.copyOfRange(peer.received.array(), before, peer.received.size());
        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                .contains(new String(properties.toByteArray(), StandardCharsets.ISO_8859_1));
    }

    /** Celery's callers end without a word; what they had is given back, and nothing is said of it. */
    @Test
    void shouldTakeItWellThatCelerysCallersJustEnd() {
        stage.play("""
                a> 1 queue.declare q
                a< 1 queue.declare-ok q 0 0
                a> 1 basic.publish '' q : a
                a> 1 basic.consume q t
                a< 1 basic.consume-ok t
                a< 1 basic.deliver t 1 '' q : a
                a~
                b> 1 basic.get q no-ack
                b< 1 basic.get-ok 1 redelivered '' q 1 : a
                """);
        assertThat(stage.broker.sessionFailures).isEmpty();
    }

    /** The library amqplib shuts its half after close-ok, and its process lives until the server shuts the other. */
    @Test
    void shouldCloseItsHalfOnceTheCloseIsAgreed() {
        stage.play("""
                > 0 connection.close 200 Cheers 0 0
                < 0 connection.close-ok
                ! closed
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldReadExpirationsAsErlangDoes() {
        return Stream.of(
                        List.of("+5", ""),
                        List.of("05", ""),
                        List.of("99999999999", ""),
                        List.of("''", "no_integer"),
                        List.of("1.5", "{leftover_string,\".5\"}"),
                        List.of("-1", "{value_negative,-1}"),
                        List.of("_5", "no_integer"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer peer = fresh.peer("");
                    peer.send("1 queue.declare q", "1 basic.publish '' q expiration=" + row.get(0) + " : a");
                    fresh.turn();
                    List<String> heard = AmqpStage.heard(peer);
                    if (row.get(1).isEmpty()) {
                        assertThat(heard).hasSize(1);
                        assertThat(fresh.stored("q")).containsExactly("a");
                    } else {
                        assertThat(heard)
                                .last()
                                .asString()
                                .startsWith("1 channel.close 406")
                                .contains(row.get(1));
                    }
                }));
    }

    /** The client aioamqp leaves a publish without its header; its users search for this text. */
    @Test
    void shouldNameTheHeaderThatIsMissing() {
        AmqpPeer peer = stage.peer("");
        ByteWriter publish = new ByteWriter(64);
        putPublish(publish);
        peer.send(publish.toByteArray());
        peer.send("1 queue.declare q");
        assertThat(heard(peer))
                .singleElement()
                .asString()
                .startsWith("0 connection.close 505 UNEXPECTED_FRAME - expected content header for class 60");
    }
}
