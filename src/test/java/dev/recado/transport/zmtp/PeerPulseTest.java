package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.zmtp.wire.Command;
import org.junit.jupiter.api.Test;

class PeerPulseTest {

    private static final int INTERVAL_MS = 1_000;
    private static final int HANDSHAKE_MS = 10_000;
    private static final long START_MS = 5_000;

    private final InputAssembly input = new InputAssembly(new ByteBudget(1 << 20).lender());

    private PeerPulse pulse(long intervalMs) {
        return new PeerPulse(intervalMs, HANDSHAKE_MS, START_MS);
    }

    @Test
    void shouldWaitForTheHandshakeWhateverComes() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onBytes(10, START_MS + 9_000);
        assertThat(pulse.isPingDue(START_MS + 9_999)).isFalse();
        assertThat(pulse.complaint(START_MS + 9_999, input)).isNull();
        assertThat(pulse.complaint(START_MS + 10_000, input)).isEqualTo("no handshake within 10000 ms");
    }

    @Test
    void shouldPingInEveryIntervalOfSilenceAndEndAfterThree() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        int pings = 0;
        long at = START_MS;
        for (; pulse.complaint(at, input) == null; at += 100) {
            pings += pulse.isPingDue(at) ? 1 : 0;
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
            assertThat(pulse.isPingDue(at + 899)).isFalse();
            assertThat(pulse.complaint(at + 899, input)).isNull();
        }
    }

    @Test
    void shouldNotPingWhoDoesNotKnowItBeforeItSendsOne() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(false);
        assertThat(pulse.isPingDue(START_MS + 60_000)).isFalse();
        assertThat(pulse.complaint(START_MS + 60_000, input)).isNull();
        pulse.onBytes(9, START_MS + 60_000);
        ping(pulse, 0);
        assertThat(pulse.isPingDue(START_MS + 61_000)).isTrue();
        assertThat(pulse.complaint(START_MS + 63_000, input)).isEqualTo("silent for 3000 ms");
    }

    @Test
    void shouldKeepThePeersOwnTimeToLive() {
        PeerPulse pulse = pulse(0);
        pulse.onGreeted(true);
        ping(pulse, 25);
        assertThat(pulse.isPingDue(START_MS + 2_000)).isFalse();
        assertThat(pulse.complaint(START_MS + 2_499, input)).isNull();
        assertThat(pulse.complaint(START_MS + 2_500, input)).isEqualTo("silent for 2500 ms");
        ping(pulse, 0);
        assertThat(pulse.complaint(START_MS + 99_000, input)).isNull();
    }

    @Test
    void shouldNotBlameThePeerWhileNobodyReads() {
        PeerPulse pulse = pulse(INTERVAL_MS);
        pulse.onGreeted(true);
        pulse.onNotReading(START_MS + 50_000);
        assertThat(pulse.complaint(START_MS + 52_999, input)).isNull();
        assertThat(pulse.complaint(START_MS + 53_000, input)).isNotNull();
    }

    @Test
    void shouldEndALargeMessageThatStandsStill() {
        PeerPulse pulse = pulse(0);
        pulse.onGreeted(true);
        input.feed(new byte[10], 0, 10);
        input.more(500_000, 500_000);
        assertThat(pulse.complaint(START_MS, input)).isNull();
        assertThat(pulse.complaint(START_MS + 29_999, input)).isNull();
        assertThat(pulse.complaint(START_MS + 30_000, input)).contains("16 KiB/s");
    }

    private static void ping(PeerPulse pulse, int tenths) {
        byte[] body = {4, 'P', 'I', 'N', 'G', 0, (byte) tenths};
        Command command = new Command();
        assertThat(command.read(body, 0, body.length)).isTrue();
        assertThat(pulse.onPing(command, new ByteWriter(16))).isTrue();
    }
}
