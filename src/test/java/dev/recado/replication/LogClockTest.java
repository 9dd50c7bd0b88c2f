package dev.recado.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogClockTest {

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** The wall clock as the log's last entry saw it, and the log's time then. */
    private static final long THEN = 1_700_000_000_000L;

    /** A log whose last entry was written at {@link #THEN} by a clock that was right. */
    private static LogClock recovered() {
        LogClock clock = new LogClock();
        clock.onRecovered(true, THEN - HOUR, THEN - HOUR);
        clock.onRecovered(false, THEN, THEN);
        return clock;
    }

    @Test
    void shouldBeginWithTheWallClock() {
        // Given
        LogClock clock = new LogClock();
        // When
        long waits = clock.start(THEN, 77);
        // Then
        assertThat(waits).isZero();
        assertThat(clock.nowMs(77)).isEqualTo(THEN);
    }

    @Test
    void shouldPassAsTheMonotonicClockDoesWhateverTheWallClockShows() {
        // Given
        LogClock clock = LogClock.started(THEN, 0);
        // When
        long ahead = clock.stamp(true, THEN + 30 * DAY, 10);
        long behind = clock.stamp(false, THEN - DAY, 20);
        // Then
        assertThat(ahead).isEqualTo(THEN + 10);
        assertThat(behind).isEqualTo(THEN + 20);
        assertThat(clock.nowMs(20 + HOUR)).isEqualTo(THEN + 20 + HOUR);
    }

    @Test
    void shouldCountAShortTimeSinceTheLastEntryAtOnce() {
        // Given
        LogClock clock = recovered();
        // When
        long waits = clock.start(THEN + HOUR, 5_000);
        // Then
        assertThat(waits).isZero();
        assertThat(clock.nowMs(5_000)).isEqualTo(THEN + HOUR);
    }

    @Test
    void shouldCountNothingWhereTheWallClockIsBehindTheLastEntry() {
        // Given
        LogClock clock = recovered();
        // When
        long waits = clock.start(THEN - DAY, 0);
        // Then
        assertThat(waits).isZero();
        assertThat(clock.ageMs(THEN, 0)).isEqualTo(1);
        assertThat(clock.ageMs(THEN, MINUTE)).isEqualTo(MINUTE + 1);
    }

    @Test
    void shouldCountALongTimeOnceTheWallClockHasSaidSoForTenMinutes() {
        // Given
        LogClock clock = recovered();
        // When
        long waits = clock.start(THEN + 3 * DAY, 0);
        clock.stamp(true, THEN + 3 * DAY, 0);
        long early = clock.look(THEN + 3 * DAY + 10 * MINUTE - 1, 10 * MINUTE - 1);
        long before = clock.ageMs(THEN, 10 * MINUTE - 1);
        long counted = clock.look(THEN + 3 * DAY + 10 * MINUTE, 10 * MINUTE);
        // Then
        assertThat(waits).isEqualTo(3 * DAY - 1);
        assertThat(early).isZero();
        assertThat(before).isEqualTo(10 * MINUTE);
        assertThat(counted).isEqualTo(3 * DAY - 1);
        assertThat(clock.ageMs(THEN, 10 * MINUTE)).isEqualTo(3 * DAY + 10 * MINUTE);
    }

    @Test
    void shouldNotMakeOlderWhatCameWhileItWaited() {
        // Given
        LogClock clock = recovered();
        clock.start(THEN + 3 * DAY, 0);
        clock.stamp(true, THEN + 3 * DAY, 0);
        long stamp = clock.stamp(false, THEN + 3 * DAY + MINUTE, MINUTE);
        // When
        clock.look(THEN + 3 * DAY + 10 * MINUTE, 10 * MINUTE);
        // Then
        assertThat(clock.ageMs(stamp, 10 * MINUTE)).isEqualTo(9 * MINUTE);
        assertThat(clock.stampOfAge(9 * MINUTE, 10 * MINUTE)).isEqualTo(stamp);
        assertThat(clock.stampOfAge(HOUR, 10 * MINUTE)).isEqualTo(THEN + 1);
        assertThat(clock.stampOfAge(3 * DAY + 10 * MINUTE, 10 * MINUTE)).isEqualTo(THEN);
        assertThat(clock.stampOfAge(4 * DAY, 10 * MINUTE)).isEqualTo(THEN - DAY + 10 * MINUTE);
    }

    @Test
    void shouldNotCountWhatIsPutRightInTime() {
        // Given
        LogClock clock = recovered();
        clock.start(THEN + 30 * DAY, 0);
        clock.stamp(true, THEN + 30 * DAY, 0);
        // When
        clock.look(THEN + 9 * MINUTE, 9 * MINUTE);
        clock.look(THEN + HOUR, HOUR);
        // Then
        assertThat(clock.ageMs(THEN, HOUR)).isEqualTo(HOUR + 1);
    }

    @Test
    void shouldCountTheShortRestOfWhatIsPutRightInTime() {
        // Given
        LogClock clock = recovered();
        clock.start(THEN + 30 * DAY, 0);
        clock.stamp(true, THEN + 30 * DAY, 0);
        // When
        long stamp = clock.stamp(false, THEN + 25 * MINUTE, 5 * MINUTE);
        // Then
        assertThat(stamp).isEqualTo(THEN + 25 * MINUTE);
    }

    @Test
    void shouldWaitAnewWhereTheWallClockIsPutElsewhereMeanwhile() {
        // Given
        LogClock clock = recovered();
        clock.start(THEN + 30 * DAY, 0);
        clock.stamp(true, THEN + 30 * DAY, 0);
        // When
        long moved = clock.look(THEN + 3 * DAY, 9 * MINUTE);
        long early = clock.look(THEN + 3 * DAY + 9 * MINUTE, 18 * MINUTE);
        long counted = clock.look(THEN + 3 * DAY + 10 * MINUTE, 19 * MINUTE);
        // Then
        assertThat(moved).isZero();
        assertThat(early).isZero();
        assertThat(counted).isEqualTo(3 * DAY - 9 * MINUTE - 1);
        assertThat(clock.ageMs(THEN, 19 * MINUTE)).isEqualTo(3 * DAY + 10 * MINUTE);
    }

    @Test
    void shouldStillKnowWhatWaitedAfterALeaderThatEndedMeanwhile() {
        // Given
        LogClock clock = recovered();
        clock.onRecovered(true, THEN + 3 * DAY, THEN + 1);
        clock.onRecovered(false, THEN + 3 * DAY + MINUTE, THEN + 1 + MINUTE);
        // When
        long now = THEN + 3 * DAY + 2 * MINUTE;
        long waits = clock.start(now, 0);
        clock.stamp(true, now, 0);
        clock.look(now + 10 * MINUTE, 10 * MINUTE);
        // Then
        assertThat(waits).isEqualTo(3 * DAY + MINUTE - 2);
        assertThat(clock.ageMs(THEN, 10 * MINUTE)).isEqualTo(3 * DAY + 12 * MINUTE);
        assertThat(clock.ageMs(THEN + 1, 10 * MINUTE)).isEqualTo(11 * MINUTE + 1);
    }

    @Test
    void shouldForgetTheOldestPauseWhereThereAreMany() {
        // Given
        LogClock clock = recovered();
        // When
        for (int i = 1; i <= LogClock.PAUSES_MAX + 1; i++) {
            clock.onRecovered(true, THEN + 2L * i * HOUR, THEN + i);
            clock.onPauseRecovered(THEN + i, 2 * HOUR);
        }
        // Then
        long all = 2L * HOUR * (LogClock.PAUSES_MAX + 1);
        assertThat(clock.ageMs(THEN, 0)).isEqualTo(all + LogClock.PAUSES_MAX + 1);
        assertThat(clock.ageMs(THEN + 1, 0)).isEqualTo(all - 4 * HOUR + LogClock.PAUSES_MAX);
        assertThat(clock.ageMs(THEN + 2, 0)).isEqualTo(all - 4 * HOUR + LogClock.PAUSES_MAX - 1);
    }

    @Test
    void shouldNotTakeAClockThatWasPutRightUnderALeaderForTimeThatPassed() {
        // Given: the machine began in 1970 and its clock was put right while the log had a leader
        LogClock clock = new LogClock();
        clock.onRecovered(true, 5_000, 5_000);
        clock.onRecovered(false, THEN, 6_000);
        // When
        long waits = clock.start(THEN + MINUTE, 0);
        // Then
        assertThat(waits).isZero();
        assertThat(clock.nowMs(0)).isEqualTo(6_000 + MINUTE);
    }

    @Test
    void shouldWantToBeToldOfAClockThatWasPutElsewhereAndOfIdleTime() {
        // Given
        LogClock clock = LogClock.started(THEN, 0);
        clock.stamp(true, THEN, 0);
        // When
        boolean quiet = clock.wantsStamp(THEN + 10 * MINUTE, 10 * MINUTE);
        boolean jumped = clock.wantsStamp(THEN + DAY, 10 * MINUTE);
        boolean idle = clock.wantsStamp(THEN + 30 * MINUTE, 30 * MINUTE);
        clock.stamp(false, THEN + DAY, 30 * MINUTE);
        boolean told = clock.wantsStamp(THEN + DAY + 2_000, 30 * MINUTE + 2_000);
        // Then
        assertThat(quiet).isFalse();
        assertThat(jumped).isTrue();
        assertThat(idle).isTrue();
        assertThat(told).isFalse();
    }

    @Test
    void shouldNotRunBehindWhatIsStored() {
        // Given
        LogClock clock = recovered();
        // When
        clock.onStored(THEN + 5);
        clock.start(THEN, 0);
        // Then
        assertThat(clock.nowMs(0)).isEqualTo(THEN + 6);
    }
}
