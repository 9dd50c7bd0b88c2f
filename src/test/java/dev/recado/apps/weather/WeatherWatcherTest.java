package dev.recado.apps.weather;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WeatherWatcherTest {

    private final List<String> printed = new ArrayList<>();
    private final WeatherWatcher watcher = new WeatherWatcher(List.of("10"), 0, 0, printed::add);

    private void receive(String... frames) {
        watcher.onMessage(Stream.of(frames).map(frame -> frame.getBytes(UTF_8)).toList());
    }

    @Test
    void shouldPrintUpdatesAndTheirMeans() {
        // When
        receive("10117", "10.0 50");
        receive("10115", "-3.5 80");
        receive("10117", "11.0 53");

        // Then
        assertThat(printed).containsExactly("10117  10.0 °C  50 %", "10115  -3.5 °C  80 %", "10117  11.0 °C  53 %");
        assertThat(watcher.means().lines())
                .containsExactly("10115: mean -3.5 °C, 80 % over 1 update", "10117: mean 10.5 °C, 52 % over 2 updates");
    }

    @Test
    void shouldCountWhatIsNoUpdate() {
        // When
        receive("10117");
        receive("10117", "warm");
        receive("10117", "10.0 50", "more");

        // Then
        assertThat(watcher.strange()).isEqualTo(3);
        assertThat(printed).isEmpty();
        assertThat(watcher.means().count()).isZero();
    }

    @Test
    void shouldLetNoCodeMoveTheCursor() {
        // When
        receive("10\u001b[2J\n", "10.0 50");

        // Then
        assertThat(printed).containsExactly("10·[2J·  10.0 °C  50 %");
    }

    @Test
    void shouldHoldABoundedNumberOfRegions() {
        // When
        IntStream.range(0, RegionMeans.REGIONS_MAX + 5).forEach(code -> receive("c" + code, "1.0 1"));
        receive("c0", "1.0 1");

        // Then
        assertThat(watcher.means().lines())
                .hasSize(RegionMeans.REGIONS_MAX + 1)
                .contains("(others): mean 1.0 °C, 1 % over 5 updates", "c0: mean 1.0 °C, 1 % over 2 updates");
    }
}
