package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopSwitchTest {

    private final AtomicLong nanos = new AtomicLong(-3);

    @Test
    void shouldStopInOrderFirstAndAtOnceThen() {
        // Given
        AtomicInteger halts = new AtomicInteger();
        StopSwitch stopSwitch = new StopSwitch(halts::incrementAndGet, nanos::get);

        // When
        stopSwitch.request();
        int haltsAfterFirst = halts.get();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(StopSwitch.SAME_MS));
        stopSwitch.request();

        // Then
        assertThat(stopSwitch.requested()).isCompleted();
        assertThat(haltsAfterFirst).isZero();
        assertThat(halts).hasValue(1);
    }

    @Test
    void shouldTakeASignalThatIsToldTwiceForOne() {
        // Given
        AtomicInteger halts = new AtomicInteger();
        StopSwitch stopSwitch = new StopSwitch(halts::incrementAndGet, nanos::get);

        // When
        stopSwitch.request();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(StopSwitch.SAME_MS) - 1);
        stopSwitch.request();

        // Then
        assertThat(stopSwitch.requested()).isCompleted();
        assertThat(halts).hasValue(0);
    }

    @Test
    void shouldNotBeHurriedByATerminalThatCloses() {
        // Given
        AtomicInteger halts = new AtomicInteger();
        StopSwitch stopSwitch = new StopSwitch(halts::incrementAndGet);

        // When
        stopSwitch.hangUp();
        stopSwitch.hangUp();

        // Then
        assertThat(stopSwitch.requested()).isCompleted();
        assertThat(halts).hasValue(0);
    }
}
