package dev.recado.apps.weather;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RegionWeatherTest {

    private static List<Reading> readings(String region, long seed, int count) {
        return Stream.generate(new RegionWeather(region, seed)::next)
                .limit(count)
                .toList();
    }

    @Test
    void shouldBeTheSameForTheSameCodeAndSeed() {
        assertThat(readings("10115", 7, 500)).isEqualTo(readings("10115", 7, 500));
    }

    @Test
    void shouldDifferBetweenSeedsAndBetweenNeighbours() {
        assertThat(readings("10115", 7, 50)).isNotEqualTo(readings("10115", 8, 50));
        assertThat(readings("10115", 7, 50)).isNotEqualTo(readings("10116", 7, 50));
    }

    @Test
    void shouldWalkInSmallStepsWithinWhatWeatherDoes() {
        for (int region = 0; region < 100; region++) {
            // When
            List<Reading> readings = readings("r" + region, region, 1_000);

            // Then
            for (int i = 0; i < readings.size(); i++) {
                Reading now = readings.get(i);
                Reading before = readings.get(Math.max(0, i - 1));
                assertThat(now.temperatureC()).isBetween(-10.0, 38.0);
                assertThat(now.humidityPercent()).isBetween(15, 95);
                assertThat(Math.abs(now.temperatureC() - before.temperatureC())).isLessThanOrEqualTo(0.7);
                assertThat(Math.abs(now.humidityPercent() - before.humidityPercent()))
                        .isLessThanOrEqualTo(3);
            }
        }
    }

    @Test
    void shouldMove() {
        assertThat(readings("10115", 1, 1_000).stream().distinct()).hasSizeGreaterThan(100);
    }
}
