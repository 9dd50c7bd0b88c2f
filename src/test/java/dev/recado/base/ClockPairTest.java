package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class ClockPairTest {

    private static final long NANOS_PER_MS = 1_000_000;
    private static final long WALL_AHEAD_MS = 1_700_000_000_000L;

    /** Time that passes while it is read, as on a machine on which others want the core. */
    private static final class BusyTime implements TimeSource {
        private final IntToLongFunction nanosOfCall;
        private long nanos;
        private int calls;

        BusyTime(IntToLongFunction nanosOfCall) {
            this.nanosOfCall = nanosOfCall;
        }

        private long pass() {
            nanos += nanosOfCall.applyAsLong(calls++);
            return nanos;
        }

        @Override
        public long wallMs() {
            return WALL_AHEAD_MS + pass() / NANOS_PER_MS;
        }

        @Override
        public long monotonicMs() {
            return pass() / NANOS_PER_MS;
        }

        @Override
        public long monotonicNanos() {
            return pass();
        }
    }

    private static long apartMs(ClockPair pair) {
        return Math.abs(pair.wallMs() - WALL_AHEAD_MS - pair.monotonicMs());
    }

    @Test
    void shouldReadBothAsOfOneMomentThoughTheThreadLosesItsCoreInBetween() {
        for (int busy = 0; busy < 12; busy++) {
            int slow = busy;
            ClockPair pair = new ClockPair(new BusyTime(call -> call == slow ? 20 * NANOS_PER_MS : 50));
            assertThat(apartMs(pair.now())).as("call %d", busy).isZero();
        }
    }

    @Test
    void shouldTakeTheClosestWhereAllAreApart() {
        // Given one reading of three that is quicker
        BusyTime time = new BusyTime(call -> (call / 4 % 3 == 1 ? 2 : 30) * NANOS_PER_MS);
        // When
        ClockPair pair = new ClockPair(time).now();
        // Then
        assertThat(apartMs(pair)).isEqualTo(2);
        assertThat(time.calls).isEqualTo(4 * ClockPair.READINGS_MAX);
    }
}
