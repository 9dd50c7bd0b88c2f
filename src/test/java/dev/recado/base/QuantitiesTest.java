package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({"0,0", "17,17", "64KiB,65536", "16MiB,16777216", "16 MiB,16777216", "1GiB,1073741824", "5B,5"})
    void shouldReadSizes(String text, long bytes) {
        assertThat(Quantities.sizeBytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "250,250", "250ms,250", "30s,30000", "5m,300000", "2h,7200000", "7d,604800000"})
    void shouldReadDurations(String text, long ms) {
        assertThat(Quantities.durationMs(text)).isEqualTo(ms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5GiB", "1e3", "MiB", "9999999999999999999", "99999999999TiB", "1 2", "١"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertThat(Quantities.sizeBytes(text)).isEqualTo(Quantities.INVALID);
    }

    @Test
    void shouldReadBackWhatItWrites() {
        for (long value : new long[] {0, 1, 999, 1024, 1025, 65536, 1L << 30, 86_400_000, 90_000, 123_456_789}) {
            assertThat(Quantities.sizeBytes(Quantities.formatBytes(value))).isEqualTo(value);
            assertThat(Quantities.durationMs(Quantities.formatDuration(value))).isEqualTo(value);
        }
    }
}
