package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.TcpFigures;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Signs of life, deadlines, and how a session ends. */
class SessionTimesTest {

    private final ZmtpStage stage = new ZmtpStage();

    @Test
    void shouldAnswerAPingWithItsContextWhateverTheVersion() {
        stage.play("""
                a = PUSH at PULL
                a> /PING \\x00\\x00
                a< /PONG
                a> /PING \\x00\\x1econtext
                a< /PONG context
                a> /PING \\x00\\x000123456789abcdef
                a< /PONG 0123456789abcdef
                a> /PONG
                """);
        ZmtpPeer old = stage.connection(Role.PULL);
        old.greet("PUSH", "", 0);
        old.next();
        stage.broker.turn();
        old.send("/PING \\x00\\x00x");
        stage.broker.turn();
        assertThat(old.next()).isEqualTo("/PONG x");
    }

    @Test
    void shouldEndWhoDoesNotKeepToTheGrammar() {
        for (String bad : new String[] {"/PING \\x00", "/PING \\x00\\x000123456789abcdefg", "/NONSENSE", "/READY"}) {
            ZmtpStage fresh = new ZmtpStage();
            ZmtpPeer peer = fresh.connect("a", "PUSH", Role.PULL);
            peer.send(bad);
            fresh.broker.turn();
            assertThat(peer.next()).as(bad).startsWith("/ERROR");
            assertThat(peer.closed).as(bad).isTrue();
        }
        ZmtpPeer early = stage.connection(Role.PULL);
        byte[] greeting = Arrays.copyOf(Recorded.PUSH, 64);
        early.send(greeting);
        early.send("[early]");
        stage.broker.turn();
        assertThat(early.closed).isTrue();
    }

    @Test
    void shouldEndAPeerThatEndsWithAnError() {
        stage.play("""
                a = PUSH at PULL
                a> /ERROR \\x04gone
                a! closed
                """);
    }

    @Test
    void shouldPingSilentPeersAndEndThoseThatDoNotAnswer() {
        stage.heartbeatMs = 1_000;
        stage.connect("a", "PUSH", Role.PULL);
        stage.tick(999);
        stage.tick(1);
        stage.play("""
                a< /PING \\x00\\x00
                a> /PONG
                """);
        stage.tick(900);
        stage.play("");
        stage.tick(100);
        stage.tick(1_000);
        stage.play("""
                a< /PING \\x00\\x00
                a< /PING \\x00\\x00
                """);
        stage.tick(1_000);
        stage.play("""
                a< /ERROR silent for 3000 ms
                a! closed
                """);
    }

    @Test
    void shouldShowThatItLivesToWhoWatchesItWhileItIsNotRead() {
        // Given
        stage.connect("a", "PUSH", Role.PULL);
        stage.connect("b", "PUSH", Role.PULL);
        stage.play("""
                a> /PING \\x00\\x0a
                a< /PONG
                """);
        stage.link("a").port.onBackPressure(true);
        stage.link("b").port.onBackPressure(true);

        // When
        stage.tick(250);
        stage.tick(100);
        stage.tick(150);

        // Then
        stage.play("""
                a< /PING \\x00\\x00
                a< /PING \\x00\\x00
                """);
    }

    @Test
    void shouldLeaveABusyPeerItsConnectionAndPutOnePingBehindWhatWaits() {
        // Given
        stage.heartbeatMs = 1_000;
        ZmtpPeer busy = stage.connect("a", "PULL", Role.PUSH);
        busy.slow = true;
        busy.figures = new TcpFigures(900, 0, 7, 0, 0);
        stage.store(ZmtpStage.PIPELINE, "work");
        stage.broker.turn();

        // When
        for (int s = 0; s < 3_600; s++) {
            stage.tick(1_000);
        }

        // Then
        assertThat(busy.closed).isFalse();
        busy.slow = false;
        busy.take();
        stage.play("""
                a< [work]
                a< /PING \\x00\\x00
                a> /PONG
                """);
    }

    @Test
    void shouldEndAPeerWhoseMachineIsGoneThoughNothingOfItIsRead() {
        // Given
        stage.heartbeatMs = 1_000;
        ZmtpPeer peer = stage.connect("a", "DEALER", Role.ROUTER);
        peer.full = true;
        stage.link("a").port.onBackPressure(true);
        peer.figures = new TcpFigures(1_000, 3, 4, 0, 4);
        stage.tick(1_000);
        boolean early = stage.isEnding(peer);

        // When
        peer.figures = new TcpFigures(3_000, 3, 6, 0, 6);
        stage.tick(2_000);

        // Then
        assertThat(early).isFalse();
        assertThat(stage.isEnding(peer)).isTrue();
    }

    @Test
    void shouldTakeMemoryFromASenderThatTakesNoAnswers() {
        // Given
        ZmtpPeer peer = stage.connect("a", "DEALER", Role.ROUTER);
        byte[] half = Arrays.copyOf(Frame.wire("[" + "x".repeat(100_000) + "]"), 10_000);
        peer.send(half);
        long held = stage.budget.usedBytes();
        peer.full = true;
        stage.link("a").port.onBackPressure(true);

        // When
        for (int s = 0; s < 60; s++) {
            stage.tick(1_000);
        }

        // Then
        assertThat(held).isPositive();
        assertThat(stage.budget.usedBytes()).isZero();
    }

    @Test
    void shouldEndAPeerAfterItsOwnTimeToLive() {
        stage.play("""
                a = PUSH at PULL
                a> /PING \\x00\\x0a
                a< /PONG
                """);
        stage.tick(999);
        stage.play("a> [x]");
        stage.tick(999);
        assertThat(stage.peer("a").closed).isFalse();
        stage.tick(1);
        stage.play("""
                a< /ERROR silent for 1000 ms
                a! closed
                """);
    }

    @Test
    void shouldWaitForAHandshakeTenSeconds() {
        ZmtpPeer silent = stage.connection(Role.PULL);
        ZmtpPeer greeted = stage.connection(Role.PULL);
        greeted.send(Arrays.copyOf(Recorded.PUSH, 64));
        stage.clock.nowMs += 9_999;
        silent.session().onTick();
        greeted.session().onTick();
        assertThat(silent.closed || greeted.closed).isFalse();
        stage.clock.nowMs += 1;
        silent.session().onTick();
        greeted.session().onTick();
        assertThat(silent.closed && greeted.closed).isTrue();
        assertThat(silent.received.size()).isEqualTo(11);
        assertThat(greeted.received.size())
                .as("an ERROR would end libzmq for good")
                .isEqualTo(64);
    }

    @Test
    void shouldStopReadingWhoFloodsWithPingsAndDoesNotRead() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);
        peer.full = true;
        byte[] pings = new byte[16_384 / 25 * 25];
        for (int i = 0; i < pings.length; i += 25) {
            System.arraycopy(Frame.wire("/PING \\x00\\x000123456789abcdef"), 0, pings, i, 25);
        }

        // When
        int reads = 0;
        while (peer.reading && reads < 1_000) {
            peer.send(pings);
            stage.broker.turn();
            reads++;
        }

        // Then
        assertThat(reads).isLessThan(10);
        peer.take();
        stage.broker.turn();
        assertThat(peer.reading).isTrue();
        int pongs = 0;
        while (peer.next() != null) {
            pongs++;
        }
        assertThat(pongs).isEqualTo(reads * (pings.length / 25));
        assertThat(peer.largestWrite).isLessThan(300_000);
    }

    @Test
    void shouldTellWhyItEndsAlsoWhoHasHungUpHalf() {
        // Given
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);

        // When
        peer.send("/NONSENSE");
        peer.session().onEndOfInput();
        stage.broker.turn();

        // Then
        assertThat(peer.next()).startsWith("/ERROR");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void shouldStoreEverythingOfWhoPushesAndHangsUp() {
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);
        peer.send("[one]");
        peer.session().onEndOfInput();
        stage.broker.turn();
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|one|0");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void shouldEndWhenTheBrokerStops() {
        ZmtpPeer peer = stage.connect("a", "PUSH", Role.PULL);
        peer.send("[one]");
        peer.session().drain();
        stage.broker.turn();
        assertThat(peer.closed).isTrue();
        assertThat(stage.stored(ZmtpStage.PIPELINE)).containsExactly("|one|0");
    }

    @Test
    void shouldGiveMemoryBackHoweverItEnds() {
        byte[] half = Arrays.copyOf(Frame.wire("[" + "x".repeat(100_000) + "]"), 10_000);
        for (int way = 0; way < 3; way++) {
            ZmtpPeer peer = stage.connect("a" + way, "PUSH", Role.PULL);
            peer.send(half);
            assertThat(stage.budget.usedBytes()).isPositive();
            switch (way) {
                case 0 -> peer.hangUp();
                case 1 -> peer.session().drain();
                default -> peer.session().onEndOfInput();
            }
            stage.broker.turn();
            assertThat(stage.budget.usedBytes()).as("way %d", way).isZero();
        }
    }

    @Test
    void shouldPutNoPingBehindOneThatWaitsForMemory() {
        // Given
        stage.heartbeatMs = 1_000;
        ZmtpPeer peer = stage.connect("w", "DEALER", Role.ROUTER);
        peer.sliceBytes = 16 * 1024;
        peer.session().outbox.bytes.put(new byte[20_000]);

        // When
        stage.tick(1_000);
        int withOne = peer.session().outbox.size();
        stage.tick(1_000);

        // Then
        assertThat(withOne).isGreaterThan(20_000);
        assertThat(peer.session().outbox.size()).isEqualTo(withOne);
    }
}
