package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.Pauses;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** From the protocol header to an open connection, what may go wrong on the way, and heartbeats. */
class AmqpHandshakeTest {

    private static final String TUNE = "0 connection.tune 2047 131072 60";

    private final AmqpStage stage = new AmqpStage();
    private final AmqpPeer peer = stage.connection("");

    private List<String> heard() {
        stage.turn();
        return AmqpStage.heard(peer);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Goes as far as the tune. */
    private void logIn(String... capabilities) {
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"), capabilities);
        assertThat(heard()).hasSize(2).last().isEqualTo(TUNE);
    }

    private void open(String tuneOk) {
        logIn();
        peer.send("0 connection.tune-ok " + tuneOk, "0 connection.open /");
        assertThat(heard()).containsExactly("0 connection.open-ok");
    }

    @Test
    void shouldSayWhatItIs() {
        // When
        peer.send(AmqpPeer.HEADER);

        // Then
        assertThat(heard())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("0 connection.start 0 9 {capabilities=")
                .contains("publisher_confirms=true", "basic.nack=true", "consumer_cancel_notify=true")
                .contains("authentication_failure_close=true", "product=Recado")
                .endsWith("} PLAIN AMQPLAIN en_US");
    }

    @Test
    void shouldOpenAConnection() {
        // Given
        logIn();

        // When
        peer.send("0 connection.tune-ok 100 8192 0", "0 connection.open /", "9 channel.open");

        // Then
        assertThat(heard()).containsExactly("0 connection.open-ok", "9 channel.open-ok");
        assertThat(stage.broker.links.get(0).identity().user()).isEqualTo("guest");
        assertThat(peer.closed).isFalse();
    }

    @Test
    void shouldReadAHandshakeByteByByte() {
        // When
        for (byte one : AmqpPeer.HEADER) {
            peer.send(new byte[] {one});
        }
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
        for (byte one : ClientFrames.of("0 connection.tune-ok 2047 131072 60", 4096)) {
            peer.send(new byte[] {one});
        }
        peer.send("0 connection.open /");

        // Then
        assertThat(heard()).hasSize(3).last().isEqualTo("0 connection.open-ok");
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerAWrongHeaderWithTheRightOneAndClose() {
        return Stream.of("AMQP\0\0\11\0", "AMQP\1\1\0\12", "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\0\0\0\0")
                .map(header -> DynamicTest.dynamicTest("header " + header.length(), () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer wrong = fresh.connection("");
                    wrong.send(latin(header));
                    fresh.turn();
                    assertThat(wrong.received.toByteArray()).isEqualTo(AmqpPeer.HEADER);
                    assertThat(wrong.closed).isTrue();
                }));
    }

    @Test
    void shouldLetInByAmqplain() {
        // Given
        peer.send(AmqpPeer.HEADER);

        // When
        peer.startOk("AMQPLAIN", AmqpPeer.amqPlain("guest", "guest"));

        // Then
        assertThat(heard()).hasSize(2).last().isEqualTo(TUNE);
    }

    @TestFactory
    Stream<DynamicTest> shouldJustCloseForAFailedLogin() {
        return Stream.of(
                        new Object[] {"a wrong password", "PLAIN", AmqpPeer.plain("guest", "x")},
                        new Object[] {"nobody", "PLAIN", AmqpPeer.plain("", "")},
                        new Object[] {"a wrong password by table", "AMQPLAIN", AmqpPeer.amqPlain("guest", "x")},
                        new Object[] {"to act as another", "PLAIN", latin("other\0guest\0guest")},
                        new Object[] {"no password", "PLAIN", latin("\0guest")},
                        new Object[] {"nothing", "PLAIN", new byte[0]},
                        new Object[] {"no table", "AMQPLAIN", latin("\5LOGIN")},
                        new Object[] {"another mechanism", "EXTERNAL", new byte[0]})
                .map(row -> DynamicTest.dynamicTest((String) row[0], () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer other = fresh.connection("");
                    other.send(AmqpPeer.HEADER);
                    other.startOk((String) row[1], (byte[]) row[2]);
                    fresh.turn();
                    assertThat(AmqpStage.heard(other)).hasSize(1);
                    assertThat(other.closed).isTrue();
                }));
    }

    @Test
    void shouldTellOfAFailedLoginWhoWantsToKnow() {
        // Given
        peer.send(AmqpPeer.HEADER);

        // When
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "x"), "authentication_failure_close");

        // Then
        assertThat(heard())
                .hasSize(2)
                .last()
                .isEqualTo("0 connection.close 403 ACCESS_REFUSED - Login was refused using authentication mechanism"
                        + " PLAIN. For details see the broker logfile. ()");
        assertThat(peer.closed).isFalse();
        peer.send("0 connection.close-ok");
        stage.turn();
        assertThat(peer.closed).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseAVirtualHostThatIsNotThere() {
        return Stream.of("other", "''")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer other = fresh.connection("");
                    other.send(AmqpPeer.HEADER);
                    other.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
                    other.send("0 connection.tune-ok 2047 131072 60", "0 connection.open " + name);
                    fresh.turn();
                    assertThat(AmqpStage.heard(other))
                            .last()
                            .isEqualTo("0 connection.close 530 NOT_ALLOWED - vhost " + name.replace("''", "")
                                    + " not found (connection.open)");
                }));
    }

    @TestFactory
    Stream<DynamicTest> shouldEndAConnectionThatWantsMoreThanWasOffered() {
        return Stream.of("2048 131072 60", "2047 131073 60", "0 131072 60", "2047 0 60", "2047 4095 60")
                .map(tuneOk -> DynamicTest.dynamicTest(tuneOk, () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer other = fresh.connection("");
                    other.send(AmqpPeer.HEADER);
                    other.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
                    other.send("0 connection.tune-ok " + tuneOk, "0 connection.open /");
                    fresh.turn();
                    assertThat(AmqpStage.heard(other))
                            .last()
                            .asString()
                            .startsWith("0 connection.close 530 NOT_ALLOWED - negotiated channel_max=");
                    other.send("0 connection.close-ok");
                    fresh.turn();
                    assertThat(other.closed).isTrue();
                }));
    }

    @Test
    void shouldEndAConnectionThatIsLate() {
        // Given
        logIn();

        // When
        stage.tick(9_999);
        boolean before = peer.closed;
        stage.tick(1);

        // Then
        assertThat(before).isFalse();
        assertThat(peer.closed).isTrue();
    }

    @Test
    void shouldEndAConnectionThatSaysNothing() {
        stage.tick(10_000);
        assertThat(peer.closed).isTrue();
        assertThat(peer.received.size()).isZero();
    }

    @Test
    void shouldEndAConnectionWhoseClientDoesNotAgreeToItsEnd() {
        // Given
        open("2047 131072 60");
        peer.send("1 basic.get q");
        assertThat(heard()).hasSize(1);

        // When
        stage.tick(AmqpSession.CLOSING_MS_MAX);

        // Then
        assertThat(peer.closed).isTrue();
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseMethodsThatAreNotDue() {
        return Stream.of(
                        List.of(
                                "0 connection.open /",
                                "503 COMMAND_INVALID - connection.open out of turn (connection.open)"),
                        List.of(
                                "0 connection.update-secret x y",
                                "503 COMMAND_INVALID - connection.update-secret out of turn"
                                        + " (connection.update-secret)"),
                        List.of(
                                "0 queue.purge q",
                                "504 CHANNEL_ERROR - unexpected method in connection state starting (queue.purge)"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    AmqpPeer other = fresh.connection("");
                    other.send(AmqpPeer.HEADER);
                    other.send(row.get(0));
                    fresh.turn();
                    assertThat(AmqpStage.heard(other)).last().isEqualTo("0 connection.close " + row.get(1));
                }));
    }

    @Test
    void shouldSendHeartbeatsAtHalfOfWhatTheClientWants() {
        // Given
        open("2047 131072 10");

        // When
        stage.tick(4_999);
        List<String> before = heard();
        stage.tick(1);
        List<String> half = heard();
        stage.tick(4_999);
        List<String> again = heard();
        stage.tick(1);

        // Then
        assertThat(before).isEmpty();
        assertThat(half).containsExactly("heartbeat");
        assertThat(again).isEmpty();
        assertThat(heard()).containsExactly("heartbeat");
    }

    @Test
    void shouldSendNoHeartbeatBehindOtherOutput() {
        // Given
        open("2047 131072 10");
        stage.tick(3_000);

        // When
        peer.send("1 channel.open");
        List<String> answer = heard();
        stage.tick(4_999);

        // Then
        assertThat(answer).containsExactly("1 channel.open-ok");
        assertThat(heard()).isEmpty();
    }

    @Test
    void shouldSendHeartbeatsThatWereNotOffered() {
        // Given
        AmqpStage quiet = new AmqpStage();
        quiet.heartbeatSeconds = 0;
        AmqpPeer other = quiet.connection("");
        other.send(AmqpPeer.HEADER);
        other.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
        other.send("0 connection.tune-ok 2047 131072 5", "0 connection.open /");
        quiet.turn();
        assertThat(AmqpStage.heard(other)).contains("0 connection.tune 2047 131072 0");

        // When
        quiet.tick(2_500);

        // Then
        assertThat(AmqpStage.heard(other)).containsExactly("heartbeat");
    }

    @Test
    void shouldSendNoneWhereTheClientWantsNone() {
        // Given
        open("2047 131072 0");

        // When
        stage.tick(3_600_000);

        // Then
        assertThat(heard()).isEmpty();
        assertThat(peer.closed).isFalse();
    }

    @Test
    void shouldDropAClientThatIsSilentForTwoHeartbeats() {
        // Given
        open("2047 131072 10");

        // When
        stage.tick(20_000);
        boolean before = peer.closed;
        stage.tick(1);

        // Then
        assertThat(before).isFalse();
        assertThat(peer.closed).isTrue();
    }

    @Test
    void shouldKeepAClientThatSendsHeartbeats() {
        // Given
        open("2047 131072 10");

        // When
        for (int i = 0; i < 5; i++) {
            stage.tick(19_000);
            peer.send(ClientFrames.frame(8, 0));
        }

        // Then
        assertThat(peer.closed).isFalse();
    }

    @Test
    void shouldNotDropAClientThatIsNotRead() {
        // Given
        open("2047 131072 10");
        peer.session().pause(Pauses.Reason.UNCONFIRMED);

        // When
        stage.tick(60_000);
        peer.session().onBackPressure(false);
        stage.tick(20_000);
        boolean before = peer.closed;
        stage.tick(1);

        // Then
        assertThat(before).isFalse();
        assertThat(peer.closed).isTrue();
    }

    @Test
    void shouldTakeANewSecret() {
        // Given
        open("2047 131072 60");
        stage.password = "next";

        // When
        peer.send("0 connection.update-secret next renewed", "1 channel.open");

        // Then
        assertThat(heard()).containsExactly("0 connection.update-secret-ok", "1 channel.open-ok");
    }

    @Test
    void shouldEndAConnectionWithAWrongSecret() {
        // Given
        open("2047 131072 60");

        // When
        peer.send("0 connection.update-secret other renewed", "1 channel.open");

        // Then
        assertThat(heard())
                .containsExactly(
                        "0 connection.close 530 NOT_ALLOWED - New secret was refused" + " (connection.update-secret)");
    }

    @Test
    void shouldKeepNothingOfWhatComesBehindAMalformedFrame() {
        // Given
        open("2047 131072 60");

        // When
        peer.send(ClientFrames.frame(4, 0));
        List<String> told = heard();
        for (int i = 0; i < 100; i++) {
            peer.send(new byte[10_000]);
        }

        // Then
        assertThat(told).containsExactly("0 connection.close 501 FRAME_ERROR - a frame of unknown type 4 ()");
        assertThat(peer.session().reader.input().unreadBytes()).isZero();
        assertThat(stage.budget.usedBytes()).isZero();
    }
}
