package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedArraysTest {

    private final SharedArrays arrays = new SharedArrays();
    private final byte[] one = new byte[10];
    private final byte[] same = new byte[10];

    @Test
    void shouldCountWhatSeveralHoldOnce() {
        assertThat(arrays.hold(one)).isEqualTo(10);
        assertThat(arrays.added(one)).isZero();
        assertThat(arrays.hold(one)).isZero();
        assertThat(arrays.hold(same)).as("equal, and another").isEqualTo(10);
        assertThat(arrays.bytes()).isEqualTo(20);
        assertThat(arrays.letGo(one)).isZero();
        assertThat(arrays.letGo(one)).isEqualTo(10);
        assertThat(arrays.added(one)).isEqualTo(10);
        assertThat(arrays.letGo(same)).isEqualTo(10);
        assertThat(arrays.bytes()).isZero();
    }

    @Test
    void shouldNotLetGoOfWhatNobodyHolds() {
        assertThatThrownBy(() -> arrays.letGo(one)).hasMessageContaining("an array that nobody holds");
    }
}
