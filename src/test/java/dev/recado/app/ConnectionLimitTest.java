package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionLimitTest {

    @Test
    void shouldTakeWhatIsWantedWhereTheProcessMayOpenThat() {
        assertThat(ConnectionLimit.of(20_000, 1_048_576, 4096, 8).max()).isEqualTo(20_000);
        assertThat(ConnectionLimit.of(20_000, Long.MAX_VALUE, 4096, 8).max()).isEqualTo(20_000);
    }

    @Test
    void shouldLeaveAReserveForTheBrokersOwnFiles() {
        // When
        ConnectionLimit limit = ConnectionLimit.of(20_000, 1024, 128, 2);

        // Then
        assertThat(limit.max()).isEqualTo(1024 - 128 - 96 - 32);
        assertThat(limit.reserve()).isEqualTo(128 + 96 + 32);
    }

    @Test
    void shouldTakeAFewWhereTheLimitIsBelowTheReserve() {
        assertThat(ConnectionLimit.of(20_000, 128, 16, 2).max()).isEqualTo(16);
        assertThat(ConnectionLimit.of(20_000, 1, 8, 2).max()).isEqualTo(1);
    }
}
