package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntervalLogTest {

    @Test
    void shouldKeepEveryCountHoweverLongTheRun() {
        // Given
        IntervalLog log = new IntervalLog();
        Interval.Span span = new Interval.Span(1, 2, 3);

        // When
        long count = 5L * IntervalLog.INTERVALS_MAX + 3;
        for (long i = 0; i < count; i++) {
            log.add(new Interval(i * 200, 200, new Interval.Counts(1, 2, 3), span, span, i == 7 ? 5 : 0));
        }

        // Then
        assertThat(log.intervals()).hasSizeLessThanOrEqualTo(IntervalLog.INTERVALS_MAX);
        assertThat(log.intervals().stream()
                        .mapToLong(one -> one.counts().sent())
                        .sum())
                .isEqualTo(count);
        assertThat(log.intervals().stream().mapToLong(Interval::lengthMs).sum()).isEqualTo(200 * count);
        assertThat(log.intervals().stream().mapToDouble(Interval::behindMs).max())
                .hasValue(5);
        long next = 0;
        for (Interval interval : log.intervals()) {
            assertThat(interval.fromMs()).isEqualTo(next);
            next += interval.lengthMs();
        }
    }

    @Test
    void shouldTryAgainEverMoreSeldomAndGiveUp() {
        ReconnectPlan backOff = new ReconnectPlan(1_000);

        assertThat(backOff.onFailure(0)).isEqualTo(20_000_000);
        assertThat(backOff.onFailure(20_000_000)).isEqualTo(60_000_000);
        assertThat(backOff.isOver(1_000_000_000)).isFalse();
        assertThat(backOff.isOver(1_000_000_001)).isTrue();
        backOff.onConnected();
        assertThat(backOff.isOver(2_000_000_000)).isFalse();
        assertThat(backOff.onFailure(2_000_000_000)).isEqualTo(2_020_000_000L);
    }
}
