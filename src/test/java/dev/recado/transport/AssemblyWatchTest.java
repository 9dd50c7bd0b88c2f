package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AssemblyWatchTest {

    private static final int TICK_MS = 100;
    private static final long LARGE_BYTES = 16 << 20;

    private final AssemblyWatch watch = new AssemblyWatch(0);
    private long nowMs;
    private long windowMs;

    /** Sends evenly; answers after how many ms it is too slow, or -1. */
    private long complaintMs(long reservedBytes, int bytesPerTick, long untilMs) {
        for (long end = nowMs + untilMs; nowMs < end; nowMs += TICK_MS) {
            if (watch.isTooSlow(nowMs, reservedBytes, 7, windowMs)) {
                return nowMs;
            }
            watch.onBytes(bytesPerTick);
        }
        return -1;
    }

    @Test
    void shouldLetGoOfWhoKeepsTheSpeed() {
        assertThat(complaintMs(LARGE_BYTES, 1_700, 900_000)).isEqualTo(-1);
    }

    @Test
    void shouldEndALargeMessageThatStandsStillAfterOneWindow() {
        assertThat(complaintMs(LARGE_BYTES, 0, 60_000)).isEqualTo(30_000);
    }

    @Test
    void shouldEndALargeMessageThatSlowsDownWithinTwoWindows() {
        complaintMs(LARGE_BYTES, 2_000, 45_000);
        assertThat(complaintMs(LARGE_BYTES, 10, 100_000)).isBetween(60_000L, 90_000L);
    }

    @Test
    void shouldGiveASmallOneItsWindowAndItsBytes() {
        assertThat(complaintMs(64 * 1024, 1, 60_000)).isEqualTo(34_000);
    }

    @Test
    void shouldNotCountTheTimeInWhichNobodyReads() {
        complaintMs(LARGE_BYTES, 0, 20_000);
        for (long end = nowMs + 500_000; nowMs < end; nowMs += TICK_MS) {
            watch.onNotReading(nowMs);
        }
        long again = nowMs;
        assertThat(complaintMs(LARGE_BYTES, 0, 60_000)).isEqualTo(again + 30_000);
    }

    @Test
    void shouldEndWhoIsSlowWhileOthersWait() {
        assertThat(complaintMs(LARGE_BYTES, 100_000, 20_000)).isEqualTo(-1);
        windowMs = 5_000;
        long since = nowMs;
        assertThat(complaintMs(LARGE_BYTES, 100_000, 20_000)).isEqualTo(since + 5_000);
    }

    @Test
    void shouldEndWhoIsSlowEarlierWhereManyWait() {
        windowMs = 2_000;
        assertThat(complaintMs(LARGE_BYTES, 100_000, 20_000)).isEqualTo(2_000);
        assertThat(complaintMs(LARGE_BYTES, 110_000, 20_000)).isEqualTo(-1);
    }

    @Test
    void shouldNotCountTheTimeInWhichItsOwnLoopWasBusy() {
        windowMs = 2_000;
        complaintMs(LARGE_BYTES, 0, 1_000);
        nowMs += 3_000;
        long again = nowMs;
        assertThat(complaintMs(LARGE_BYTES, 0, 20_000)).isBetween(again + 1_000, again + 1_000 + TICK_MS);
    }

    @Test
    void shouldLetWhoIsFastGoOnWhileOthersWait() {
        windowMs = 5_000;
        assertThat(complaintMs(LARGE_BYTES, 110_000, 20_000)).isEqualTo(-1);
    }

    @Test
    void shouldCountNoWaitThatEndedBetween() {
        for (int wait = 0; wait < 10; wait++) {
            windowMs = 5_000;
            assertThat(complaintMs(LARGE_BYTES, 2_000, 4_500)).isEqualTo(-1);
            windowMs = 0;
            assertThat(complaintMs(LARGE_BYTES, 2_000, 200)).isEqualTo(-1);
        }
    }

    @Test
    void shouldBeginAnewWithEachMessage() {
        for (int message = 0; message < 50; message++) {
            assertThat(watch.isTooSlow(nowMs, LARGE_BYTES, message, 0)).isFalse();
            nowMs += 29_000;
            assertThat(watch.isTooSlow(nowMs, LARGE_BYTES, message, 0)).isFalse();
            assertThat(watch.isTooSlow(nowMs, 0, message + 1, 0)).isFalse();
        }
    }
}
