package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateMeterTest {

    @Test
    void shouldFollowTheLastTwentySeconds() {
        // Given
        RateMeter meter = new RateMeter();

        // When: 100/s for 30 s, then nothing for 60 s
        long count = 1_000;
        for (long nowMs = 0; nowMs <= 30_000; nowMs += 10) {
            meter.onTick(count, nowMs);
            count++;
        }
        double busy = meter.perSecond(count, 30_010);
        for (long nowMs = 30_010; nowMs <= 90_000; nowMs += 10) {
            meter.onTick(count, nowMs);
        }

        // Then
        assertThat(busy).isBetween(99.0, 101.0);
        assertThat(meter.perSecond(count, 90_000)).isZero();
    }

    @Test
    void shouldBeNothingAtItsBeginning() {
        // Given: what was there before it begins is no rise
        RateMeter meter = new RateMeter();
        double before = meter.perSecond(5_000, 90);

        // When
        meter.onTick(5_000, 100);

        // Then
        assertThat(before).isZero();
        assertThat(meter.perSecond(5_000, 100)).isZero();
        assertThat(meter.perSecond(5_000, 5_000)).isZero();
    }

    @Test
    void shouldNeedNoLookWhileItRestsAndCountFromThenOn() {
        // Given: looked at whenever something happens and when it is due
        RateMeter meter = new RateMeter();
        meter.onTick(0, 0);
        long count = 1_000;
        meter.onTick(count, 10);
        int looks = 0;
        for (long dueMs = meter.dueMs(count); dueMs != Long.MAX_VALUE; dueMs = meter.dueMs(count)) {
            meter.onTick(count, dueMs);
            looks++;
        }

        // When: nothing for an hour, then 100/s for 10 s
        for (long nowMs = 3_600_000; nowMs < 3_610_000; nowMs += 10) {
            count++;
            meter.onTick(count, nowMs);
        }

        // Then
        assertThat(looks).isEqualTo(2);
        assertThat(meter.perSecond(count, 3_610_000)).isBetween(50.0, 101.0);
    }
}
