package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.FakeClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginDelaysTest {

    private final FakeClock clock = new FakeClock();
    private final LoginDelays delays = new LoginDelays(clock);

    private void fail(String address, String user, int times) {
        for (int i = 0; i < times; i++) {
            delays.onFailed(address, user);
        }
    }

    @Test
    void shouldSlowDownMoreWithEachFailure() {
        // Given
        List<Long> waits = new ArrayList<>();

        // When
        for (int i = 0; i < 10; i++) {
            long waitMs = delays.takeTurn("a", "ana");
            waits.add(waitMs);
            clock.nowMs += waitMs;
            delays.onFailed("a", "ana");
        }

        // Then
        assertThat(waits).containsExactly(0L, 0L, 0L, 250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L);
    }

    @Test
    void shouldHaveTriesAtOnceWaitForEachOtherAndRefuseTheRest() {
        // Given
        fail("a", "ana", 4);

        // When
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            waits.add(delays.takeTurn("a", "ana"));
        }

        // Then
        assertThat(waits)
                .containsExactly(
                        500L, 1_000L, 1_500L, 2_000L, 2_500L, 3_000L, 3_500L, 4_000L, 4_500L, 5_000L, -1L, -1L);
    }

    @Test
    void shouldSlowDownNobodyElse() {
        // Given
        fail("a", "ana", 20);

        // Then
        assertThat(delays.takeTurn("a", "ben")).isZero();
        assertThat(delays.takeTurn("b", "ana")).isZero();
        assertThat(delays.takeTurn("a", "ana")).isPositive();
    }

    @Test
    void shouldForgetBehindASuccessAndWithTime() {
        // Given
        fail("a", "ana", 20);
        fail("b", "ana", 20);

        // When
        delays.onSucceeded("a", "ana");

        // Then
        assertThat(delays.takeTurn("a", "ana")).isZero();
        assertThat(delays.takeTurn("b", "ana")).isPositive();
        clock.nowMs += LoginDelays.FORGOTTEN_MS;
        assertThat(delays.takeTurn("b", "ana")).isZero();
        assertThat(delays.pairs()).isZero();
    }

    @Test
    void shouldKeepTrackOfSoManyAndForgetTheOldest() {
        // Given
        fail("a", "first", 3);
        fail("a", "second", 3);

        // When
        for (int i = 0; i < LoginDelays.PAIRS_MAX - 1; i++) {
            fail("a", "user" + i, 1);
        }

        // Then
        assertThat(delays.pairs()).isEqualTo(LoginDelays.PAIRS_MAX);
        assertThat(delays.takeTurn("a", "first")).isZero();
        assertThat(delays.takeTurn("a", "second")).isPositive();
    }
}
