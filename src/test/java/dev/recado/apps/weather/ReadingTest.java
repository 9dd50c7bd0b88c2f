package dev.recado.apps.weather;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {

    @Test
    void shouldReadWhatItWrites() {
        assertThat(new Reading(21.4, 63).text()).isEqualTo("21.4 63");
        assertThat(Reading.parse("21.4 63")).isEqualTo(new Reading(21.4, 63));
        assertThat(Reading.parse(new Reading(-0.5, 100).text())).isEqualTo(new Reading(-0.5, 100));
    }

    @Test
    void shouldReadWholeDegrees() {
        assertThat(Reading.parse("-7 0")).isEqualTo(new Reading(-7, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "21.4", "21.4 101", "21.4 -1", "a b", "21.4 63 7", "1e9 5", "99999 5", "21,4 63"})
    void shouldRefuseWhatIsNoReading(String text) {
        assertThat(Reading.parse(text)).isNull();
    }
}
