package dev.recado.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void shouldUseDefaultsWhereNothingIsSaid() {
        // Given
        Settings settings = with(Map.of());

        // When, then
        assertThat(settings.count("rate", 500, 1_000)).isEqualTo(500);
        assertThat(settings.duration("duration", Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.address("broker", "127.0.0.1:8080")).hasToString("/127.0.0.1:8080");
        assertThat(settings.file("broker.jar")).isEmpty();
        assertThat(settings.text("topic.settings", "kind=log")).isEqualTo("kind=log");
    }

    @Test
    void shouldReadWhatIsSaid() {
        // Given
        Settings settings =
                with(Map.of("rate", "7", "duration", "2m", "broker", "localhost:9", "broker.jar", "a/b.jar"));

        // When, then
        assertThat(settings.count("rate", 500, 1_000)).isEqualTo(7);
        assertThat(settings.duration("duration", Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(120));
        assertThat(settings.address("broker", "127.0.0.1:8080").getPort()).isEqualTo(9);
        assertThat(settings.file("broker.jar")).contains(Path.of("a/b.jar"));
    }

    @Test
    void shouldReadDurations() {
        assertThat(duration("45")).isEqualTo(Duration.ofSeconds(45));
        assertThat(duration("45s")).isEqualTo(Duration.ofSeconds(45));
        assertThat(duration("24h")).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void shouldNameWhatIsNotAllowed() {
        for (String bad : List.of("0", "1001", "-1", "x", "99999999999")) {
            assertThatThrownBy(() -> with(Map.of("rate", bad)).count("rate", 1, 1_000))
                    .hasMessage("-Drate=" + bad + " is not allowed: an integer from 1 to 1000");
        }
        for (String bad : List.of("0", "25h", "5ms", "", "-3s")) {
            assertThatThrownBy(() -> duration(bad))
                    .hasMessage("-Dduration=" + bad + " is not allowed: a time from 1s to 24h");
        }
        for (String bad : List.of("localhost", "localhost:0", "localhost:65536", "a b:1")) {
            assertThatThrownBy(() -> with(Map.of("broker", bad)).address("broker", "x:1"))
                    .hasMessage("-Dbroker=" + bad + " is not allowed: host:port");
        }
    }

    private static Duration duration(String text) {
        return with(Map.of("duration", text)).duration("duration", Duration.ofSeconds(1));
    }

    private static Settings with(Map<String, String> properties) {
        return new Settings(properties::get);
    }
}
