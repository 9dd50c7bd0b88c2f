package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopSwitchTest {

    @Test
    void shouldStopInOrderFirstAndAtOnceThen() {
        // Given
        AtomicInteger halts = new AtomicInteger();
        StopSwitch stopSwitch = new StopSwitch(halts::incrementAndGet);

        // When
        stopSwitch.request();
        int haltsAfterFirst = halts.get();
        stopSwitch.request();

        // Then
        assertThat(stopSwitch.requested()).isCompleted();
        assertThat(haltsAfterFirst).isZero();
        assertThat(halts).hasValue(1);
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
