package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Channels are opened and end, by either side, and what ends the whole connection. */
class AmqpChannelTest {

    private final AmqpStage stage = new AmqpStage();

    @Test
    void shouldEndTheConnectionForAChannelThatIsNotOpen() {
        stage.play("""
                > 2 queue.declare q
                < 0 connection.close 504 CHANNEL_ERROR - expected 'channel.open' (queue.declare)
                > 0 connection.close-ok
                ! closed
                """);
    }

    @Test
    void shouldEndTheConnectionForAPublishOnAChannelThatIsNotOpen() {
        stage.play("""
                > 2 basic.publish '' q : hello
                < 0 connection.close 504 CHANNEL_ERROR - expected 'channel.open' (basic.publish)
                """);
    }

    @Test
    void shouldEndTheConnectionForAChannelThatIsOpenedTwice() {
        stage.play("""
                > 1 channel.open
                < 0 connection.close 504 CHANNEL_ERROR - second 'channel.open' seen (channel.open)
                """);
    }

    @Test
    void shouldLimitHowManyChannelsThereAre() {
        // Given
        stage.channelsMax = 3;

        // Then
        stage.play("""
                > 9 channel.open
                > 700 channel.open
                < 9 channel.open-ok
                < 700 channel.open-ok
                > 2 channel.open
                < 0 connection.close 530 NOT_ALLOWED - number of channels opened (3) has reached the negotiated \
                channel_max (3) ()
                """);
    }

    @Test
    void shouldCloseForTheClientAndTakeTheNumberAgain() {
        stage.play("""
                > 1 channel.close 200 bye
                > 1 channel.open
                > 1 queue.declare q
                < 1 channel.close-ok
                < 1 channel.open-ok
                < 1 queue.declare-ok q 0 0
                """);
        assertThat(stage.broker.links.get(0).closed).isTrue();
    }

    @Test
    void shouldDropEverythingOfAChannelUntilItsCloseIsAnswered() {
        stage.play("""
                > 1 queue.declare q
                < 1 queue.declare-ok q 0 0
                > 1 queue.purge none
                > 1 basic.publish '' q : dropped
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.purge)
                > 1 basic.publish '' q : dropped too
                > 1 queue.declare r
                > 1 basic.publish '' none mandatory : and this
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                > 1 basic.get q
                < 1 basic.get-empty
                """);
        assertThat(stage.stored("q")).isEmpty();
        assertThat(stage.broker.links.get(0).closed).isTrue();
    }

    @Test
    void shouldAnswerAClientThatClosesAtTheSameTime() {
        stage.play("""
                > 1 queue.purge none
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.purge)
                > 1 channel.close 200 bye
                < 1 channel.close-ok
                > 1 channel.close-ok
                > 1 channel.open
                < 1 channel.open-ok
                """);
    }

    @Test
    void shouldLeaveOtherChannelsAlone() {
        stage.play("""
                > 2 channel.open
                < 2 channel.open-ok
                > 1 queue.purge none
                > 2 queue.declare q
                < 1 channel.close 404 NOT_FOUND - no queue 'none' in vhost '/' (queue.purge)
                < 2 queue.declare-ok q 0 0
                """);
    }

    @TestFactory
    Stream<DynamicTest> shouldEndTheConnectionFor() {
        return Stream.of(
                        List.of("1 channel.flow", "540 NOT_IMPLEMENTED - active=false (channel.flow)"),
                        List.of("1 basic.recover", "540 NOT_IMPLEMENTED - requeue=false (basic.recover)"),
                        List.of("1 basic.recover-async", "540 NOT_IMPLEMENTED - requeue=false (basic.recover-async)"),
                        List.of("1 basic.qos 5 1", "540 NOT_IMPLEMENTED - prefetch_size!=0 (5) (basic.qos)"),
                        List.of("1 channel.close-ok", "503 COMMAND_INVALID - unimplemented method (channel.close-ok)"),
                        List.of(
                                "1 exchange.declare x no-type",
                                "503 COMMAND_INVALID - unknown exchange type 'no-type' (exchange.declare)"))
                .map(row -> DynamicTest.dynamicTest(row.get(0), () -> {
                    AmqpStage fresh = new AmqpStage();
                    fresh.play("> " + row.get(0) + "\n< 0 connection.close " + row.get(1));
                    fresh.play("""
                            > 1 queue.declare q
                            > 0 connection.close-ok
                            ! closed
                            """);
                    assertThat(fresh.broker.links.get(0).closed).isTrue();
                }));
    }

    @Test
    void shouldEndTheConnectionForMethodsThatNobodyKnows() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.send(ClientFrames.frame(1, 1, (byte) 0, (byte) 60, (byte) 0, (byte) 99));

        // Then
        stage.play("< 0 connection.close 540 NOT_IMPLEMENTED - unknown method, class=60 method=99 (channel.open)");
    }

    @Test
    void shouldEndTheConnectionForArgumentsThatEndEarly() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.send(ClientFrames.frame(1, 1, (byte) 0, (byte) 50, (byte) 0, (byte) 30, (byte) 0));

        // Then
        stage.play("< 0 connection.close 502 SYNTAX_ERROR - arguments end early (queue.purge)");
    }

    @Test
    void shouldEndTheConnectionForAContentWithoutItsMethod() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.send(ClientFrames.frame(3, 1, (byte) 'x'));

        // Then
        stage.play("< 0 connection.close 505 UNEXPECTED_FRAME - expected method frame, got non method frame instead"
                + " ()");
    }

    @Test
    void shouldTellAClientThatForgetsAHeader() {
        // Given
        AmqpPeer peer = stage.connect("");
        byte[] publish = ClientFrames.of("1 basic.publish '' q", 4096);

        // When
        peer.send(Arrays.copyOf(publish, publish.length - 22));
        peer.send("1 queue.declare q");

        // Then
        stage.play("""
                < 0 connection.close 505 UNEXPECTED_FRAME - expected content header for class 60, got non content \
                header frame instead (basic.publish)
                ! closed
                """);
    }

    @Test
    void shouldLetTheClientCloseTheConnection() {
        stage.play("""
                > 1 queue.declare q
                > 0 connection.close 200 bye
                < 1 queue.declare-ok q 0 0
                < 0 connection.close-ok
                ! closed
                """);
        assertThat(stage.broker.links.get(0).closed).isTrue();
    }

    @Test
    void shouldAgreeWithAClientThatClosesAtTheSameTime() {
        stage.play("""
                > 2 queue.declare q
                < 0 connection.close 504 CHANNEL_ERROR - expected 'channel.open' (queue.declare)
                > 0 connection.close 200 bye
                < 0 connection.close-ok
                ! closed
                """);
    }

    @Test
    void shouldReleaseEverythingOfAProgramThatIsGone() {
        stage.play("""
                > 2 channel.open
                < 2 channel.open-ok
                ~
                """);
        assertThat(stage.broker.links).allMatch(link -> link.closed);
    }

    @Test
    void shouldTellThatTheBrokerEndsTheConnection() {
        // Given
        stage.connect("");

        // When
        stage.broker.links.get(0).port.onClosedByBroker(Refusal.of(ErrorCode.SESSION_CLOSED, "by an administrator"));

        // Then
        stage.play("""
                < 0 connection.close 320 CONNECTION_FORCED - broker forced connection closure with reason \
                'by an administrator' ()
                > 0 connection.close-ok
                ! closed
                """);
    }

    @Test
    void shouldTellThatTheBrokerStops() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.session().drain();

        // Then
        stage.play("""
                < 0 connection.close 320 CONNECTION_FORCED - broker forced connection closure with reason 'shutdown' ()
                ! closed
                """);
    }

    @Test
    void shouldAnswerFlowAndAccessRequests() {
        // Given
        AmqpPeer peer = stage.connect("");

        // When
        peer.send("1 channel.flow active");
        peer.send(ClientFrames.frame(1, 1, new byte[] {0, 30, 0, 10, 1, '/', 0}));

        // Then
        stage.play("""
                < 1 channel.flow-ok active
                < 1 access.request-ok
                """);
    }
}
