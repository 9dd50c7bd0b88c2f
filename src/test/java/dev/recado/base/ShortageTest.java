package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortageTest {

    private static final long MAX = 100;

    private final Shortage shortage = new Shortage();

    @Test
    void shouldLastUntilThereIsRoomForTheLargest() {
        assertThat(shortage.lasts(100, MAX)).isFalse();
        shortage.onRefused(50);
        shortage.onRefused(10);
        assertThat(shortage.lasts(51, MAX)).isTrue();
        assertThat(shortage.lasts(50, MAX)).isFalse();
    }

    /** Nobody waits any more: who holds something later is in nobody's way. */
    @Test
    void shouldBeForgottenOnceThereWasRoom() {
        shortage.onRefused(50);
        assertThat(shortage.lasts(20, MAX)).isFalse();
        assertThat(shortage.lasts(100, MAX)).isFalse();
    }

    @Test
    void shouldEndForWhatGoesAlone() {
        shortage.onRefused(1_000);
        assertThat(shortage.lasts(1, MAX)).isTrue();
        assertThat(shortage.lasts(0, MAX)).isFalse();
    }
}
