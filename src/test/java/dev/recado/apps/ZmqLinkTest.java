package dev.recado.apps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ZmqLinkTest {

    @Test
    void shouldNotReachALimitThatHasNotComeHoweverLongItIs() {
        // Given
        long anHourAgoNanos = System.nanoTime() - 3_600_000_000_000L;

        // Then
        assertThat(ZmqLink.isOver(anHourAgoNanos, 3_000_000)).isTrue();
        assertThat(ZmqLink.isOver(anHourAgoNanos, 4_000_000)).isFalse();
        // As many milliseconds as --idle-exit takes have more nanoseconds than a long.
        assertThat(ZmqLink.isOver(anHourAgoNanos, 9_300_000_000_000L)).isFalse();
        assertThat(ZmqLink.isOver(anHourAgoNanos, ZmqLink.FOR_EVER_MS)).isFalse();
    }
}
