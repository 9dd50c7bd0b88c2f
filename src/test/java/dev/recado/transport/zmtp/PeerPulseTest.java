package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.TcpFigures;
import dev.recado.transport.zmtp.wire.Command;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeerPulseTest {

    private static final int INTERVAL_MS = 1_000;
    private static final int HANDSHAKE_MS = 10_000;
    private static final long START_MS = 5_000;

    private final InputAssembly input = new InputAssembly(new ByteBudget(1 << 20).lender());

    private final ZmtpPeer wire = new ZmtpPeer();

    private PeerPulse pulse(long intervalMs) {
        return new PeerPulse(wire, intervalMs, HANDSHAKE_MS, START_MS);
    }

    /** One that knows PING and to which a message went out. */
    private PeerPulse sentTo() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        pulse.onOutput();
        pulse.seal(100);
        pulse.onWritten(100);
        return pulse;
    }

    private @Nullable String complaint(PeerPulse pulse, long nowMs) {
        return pulse.complaint(true, nowMs, input);
    }

    /** One that is due goes out, and the socket takes it. */
    private static boolean isPingDue(PeerPulse pulse, long nowMs) {
        boolean due = pulse.putPing(true, nowMs, new ByteWriter(16));
        pulse.seal(nowMs);
        pulse.onWritten(nowMs);
        return due;
    }

    /** Looks every 100 ms; answers when there was a complaint, or -1. */
    private long complaintMs(PeerPulse pulse, long fromMs, long untilMs) {
        for (long at = fromMs; at <= untilMs; at += 100) {
            if (complaint(pulse, at) != null) {
                return at;
            }
            isPingDue(pulse, at);
        }
        return -1;
    }

    @Test
    void shouldWaitForTheHandshakeWhateverComes() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onBytes(10, START_MS + 9_000);
        assertThat(isPingDue(pulse, START_MS + 9_999)).isFalse();
        assertThat(complaint(pulse, START_MS + 9_999)).isNull();
        assertThat(complaint(pulse, START_MS + 10_000)).isEqualTo("no handshake within 10000 ms");
    }

    @Test
    void shouldPingInEveryIntervalOfSilenceAndEndAfterThree() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        int pings = 0;
        long at = START_MS;
        for (; complaint(pulse, at) == null; at += 100) {
            pings += isPingDue(pulse, at) ? 1 : 0;
        }
        assertThat(pings).isEqualTo(2);
        assertThat(at).isEqualTo(START_MS + 3 * INTERVAL_MS);
    }

    @Test
    void shouldTakeEverythingForASignOfLife() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        for (long at = START_MS; at < START_MS + 20_000; at += 900) {
            pulse.onBytes(1, at);
            assertThat(isPingDue(pulse, at + 899)).isFalse();
            assertThat(complaint(pulse, at + 899)).isNull();
        }
    }

    @Test
    void shouldNotPingWhoDoesNotKnowItBeforeItSendsOne() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(false);
        assertThat(isPingDue(pulse, START_MS + 60_000)).isFalse();
        assertThat(complaint(pulse, START_MS + 60_000)).isNull();
        pulse.onBytes(9, START_MS + 60_000);
        ping(pulse, 0);
        assertThat(isPingDue(pulse, START_MS + 61_000)).isTrue();
        assertThat(isPingDue(pulse, START_MS + 62_000)).isTrue();
        assertThat(complaint(pulse, START_MS + 63_000)).isEqualTo("silent for 3000 ms");
    }

    @Test
    void shouldKeepThePeersOwnTimeToLive() {
        PeerPulse pulse = pulse(0);
        pulse.onGreeted(true);
        ping(pulse, 25);
        assertThat(isPingDue(pulse, START_MS + 2_000)).isFalse();
        assertThat(complaint(pulse, START_MS + 2_499)).isNull();
        assertThat(complaint(pulse, START_MS + 2_500)).isEqualTo("silent for 2500 ms");
        ping(pulse, 0);
        assertThat(complaint(pulse, START_MS + 99_000)).isNull();
    }

    @Test
    void shouldNotBlameThePeerWhileNobodyReads() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        assertThat(pulse.complaint(false, START_MS + 50_000, input)).isNull();
        assertThat(isPingDue(pulse, START_MS + 51_000)).isTrue();
        assertThat(isPingDue(pulse, START_MS + 52_000)).isTrue();
        assertThat(complaint(pulse, START_MS + 52_999)).isNull();
        assertThat(complaint(pulse, START_MS + 53_000)).isNotNull();
    }

    @Test
    void shouldEndALargeMessageThatStandsStill() {
        PeerPulse pulse = pulse(0);
        pulse.onGreeted(true);
        input.feed(new byte[10], 0, 10);
        input.more(500_000, 500_000);
        assertThat(complaint(pulse, START_MS)).isNull();
        assertThat(complaint(pulse, START_MS + 29_999)).isNull();
        assertThat(complaint(pulse, START_MS + 30_000)).contains("16 KiB/s");
    }

    @Test
    void shouldProveNothingBySilenceWhileTheMachineHasNoRoom() {
        PeerPulse pulse = sentTo();
        wire.figures = new TcpFigures(500, 0, 5, 0, 0);
        assertThat(complaintMs(pulse, START_MS, START_MS + 3_600_000)).isEqualTo(-1);
    }

    @Test
    void shouldGiveAPeerThirtyIntervalsWhereItsMachineIsNotKnownAndItWasGivenAMessage() {
        assertThat(complaintMs(sentTo(), START_MS, START_MS + 99_000)).isEqualTo(START_MS + 30 * INTERVAL_MS);
    }

    @Test
    void shouldGiveAPeerThirtyIntervalsWhereItsMachineHasEverything() {
        wire.figures = new TcpFigures(500, 0, 0, 0, 0);
        assertThat(complaintMs(sentTo(), START_MS, START_MS + 99_000)).isEqualTo(START_MS + 30 * INTERVAL_MS);
        PeerPulse givenNothing = pulse(INTERVAL_MS);
        givenNothing.onGreeted(true);
        assertThat(complaintMs(givenNothing, START_MS, START_MS + 99_000)).isEqualTo(START_MS + 30 * INTERVAL_MS);
    }

    @Test
    void shouldEndASilentPeerInTimeThoughAFeedToItLeavesSomethingUnderWayAtMostLooks() {
        PeerPulse pulse = sentTo();
        long end = -1;
        for (long at = START_MS; at < START_MS + 99_000 && end < 0; at += 100) {
            wire.figures = new TcpFigures(40, at - START_MS > 3_300 && at - START_MS < 3_700 ? 0 : 2, 0, 0, 0);
            end = complaint(pulse, at) == null ? -1 : at;
            isPingDue(pulse, at);
        }
        assertThat(end).isEqualTo(START_MS + 30 * INTERVAL_MS);
    }

    @Test
    void shouldEndWhoseMachineAcknowledgesNothingForThreeIntervals() {
        PeerPulse pulse = sentTo();
        long end = -1;
        for (long at = START_MS; at < START_MS + 99_000 && end < 0; at += 100) {
            wire.figures = new TcpFigures(at - START_MS, 2, 3, 0, (at - START_MS) / 400);
            end = complaint(pulse, at) == null ? -1 : at;
        }
        assertThat(end).isBetween(START_MS + 3 * INTERVAL_MS, START_MS + 3 * INTERVAL_MS + INTERVAL_MS / 4);
    }

    @Test
    void shouldEndWhoseMachineIsGoneThoughItNeverSaidThatItKnowsPing() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(false);
        wire.figures = new TcpFigures(1_000, 2, 3, 0, 0);
        assertThat(complaint(pulse, START_MS + 1_000)).isNull();
        wire.figures = new TcpFigures(3_500, 2, 3, 0, 2);
        assertThat(complaint(pulse, START_MS + 3_500)).isEqualTo("its machine is silent for 3500 ms");
    }

    @Test
    void shouldPutNoPingBehindOneThatTheSocketHasNotTaken() {
        // Given
        PeerPulse pulse = sentTo();
        ByteWriter out = new ByteWriter(16);
        assertThat(pulse.putPing(true, START_MS + 1_000, out)).isTrue();

        // When // Then
        assertThat(pulse.putPing(true, START_MS + 2_000, out)).isFalse();
        pulse.seal(109);
        assertThat(pulse.putPing(true, START_MS + 3_000, out)).isFalse();
        pulse.onWritten(109);
        assertThat(pulse.putPing(true, START_MS + 4_000, out)).isTrue();
    }

    @Test
    void shouldAskBeforeItTakesAPeerForDeadThoughNobodyLookedForLong() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        long later = START_MS + 60_000;
        assertThat(complaintMs(pulse, later, later + 99_000)).isEqualTo(later + 2 * INTERVAL_MS);
    }

    private static void ping(PeerPulse pulse, int tenths) {
        byte[] body = {4, 'P', 'I', 'N', 'G', 0, (byte) tenths};
        Command command = new Command();
        assertThat(command.read(body, 0, body.length)).isTrue();
        assertThat(pulse.onPing(command, new ByteWriter(16))).isTrue();
    }
}
