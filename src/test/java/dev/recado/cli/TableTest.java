package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    @Test
    void shouldAlignColumnsAndHideControlCharacters() {
        // Given
        List<String> json = List.of("{\"name\":\"a\",\"n\":5}", "{\"name\":\"ñandú\\n\",\"n\":12,\"more\":\"x\"}");

        // When
        List<String> lines = new Table(json).lines();

        // Then
        assertThat(lines).containsExactly("NAME     N  MORE", "a        5", "ñandú·  12  x");
    }

    @Test
    void shouldDescribeOneThingWithItsParts() {
        // Given
        String json = "{\"name\":\"a\",\"limit.bytes\":null,\"groups\":[{\"name\":\"g\",\"backlog\":3}],\"none\":[]}";

        // When
        List<String> lines = Table.describe(List.of(json));

        // Then
        assertThat(lines)
                .containsExactly(
                        "name:        a",
                        "limit.bytes:",
                        "groups:",
                        "  NAME  BACKLOG",
                        "  g           3",
                        "none:        []");
    }

    @Test
    void shouldTellAnEmptyNameFromNone() {
        // Given
        String json = "{\"dead-letter.exchange\":\"\",\"groups\":[{\"name\":\"g\",\"dead-letter.exchange\":\"\"},"
                + "{\"name\":\"h\",\"dead-letter\":\"\"}]}";

        // When
        List<String> lines = Table.describe(List.of(json));

        // Then
        assertThat(lines)
                .containsExactly(
                        "dead-letter.exchange: \"\"",
                        "groups:",
                        "  NAME  DEAD-LETTER.EXCHANGE  DEAD-LETTER",
                        "  g     \"\"",
                        "  h                           \"\"");
    }

    @Test
    void shouldDescribePartsOneBelowTheOtherWhereATableIsTooWide() {
        // Given
        String wide =
                IntStream.range(0, 12).mapToObj(i -> "\"n" + i + "\":1000000").collect(Collectors.joining(","));
        String json = "{\"name\":\"a\",\"groups\":[{\"name\":\"g\"," + wide + "},{\"name\":\"h\"," + wide + "}]}";

        // When
        List<String> lines = Table.describe(List.of(json));

        // Then
        assertThat(lines)
                .startsWith("name:   a", "groups:", "  name: g", "  n0:   1000000")
                .containsSubsequence("  n11:  1000000", "", "  name: h")
                .allMatch(line -> line.length() <= 80);
    }

    @Test
    void shouldCutTheWidestTextsToFitAHundredColumns() {
        // Given
        String json =
                "{\"topic\":\"" + "t".repeat(30) + "\",\"bytes\":1234567,\"payload\":\"" + "p".repeat(500) + "\"}";

        // When
        List<String> lines = new Table(List.of(json)).lines();

        // Then
        assertThat(lines).allMatch(line -> line.length() <= 100);
        assertThat(lines.get(1)).startsWith("t".repeat(30) + "  1234567  ppp").endsWith("p…");
    }

    @Test
    void shouldCutNoTime() {
        // Given
        String text = "t".repeat(40);
        String json = Json.object(Map.of("time", "1795945393472", "a", text, "b", text, "c", text, "d", text));

        // When
        List<String> lines = new Table(List.of(json)).lines();

        // Then
        assertThat(lines.get(1))
                .contains("2026-11-29T09:43:13.472Z", "tttttttttttttttt…")
                .hasSize(100);
    }

    /** The port is what tells a program from another of the same machine. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:47712", "[fe80::1%eth0]:5672"})
    void shouldCutNoAddress(String address) {
        // Given
        String text = "t".repeat(60);
        String json = Json.object(Map.of("peer", address, "a", text, "b", text));

        // When
        List<String> lines = new Table(List.of(json)).lines();

        // Then
        assertThat(lines.get(1)).contains(address, "ttt…").hasSize(100);
    }

    /** Who copies it into the next command needs all of it. */
    @Test
    void shouldCutNoName() {
        // Given
        String topic = "celeryev.fe0c6f52-7ffe-4a6e-9a0b-" + "t".repeat(100);
        String json = Json.object(Map.of("topic", topic, "payload", "p".repeat(500)));

        // When
        List<String> lines = new Table(List.of(json)).lines();

        // Then
        assertThat(lines.get(1)).contains(topic, "ppp…").hasSizeLessThanOrEqualTo(100 - 30 + topic.length());
    }

    @Test
    void shouldLeaveRoomForWhatAClientCallsItself() {
        // Given
        String numbers =
                IntStream.range(0, 10).mapToObj(i -> "\"n" + i + "\":1000").collect(Collectors.joining(","));
        String json = "{\"client\":\"" + "worker-of-invoices-" + "c".repeat(50) + "\",\"text\":\"" + "t".repeat(40)
                + "\"," + numbers + "}";

        // When
        List<String> lines = new Table(List.of(json)).lines();

        // Then
        assertThat(lines.get(1)).contains("worker-of-invoices-cccc…", "ttttttt…");
    }

    @Test
    void shouldCutNothingWhereThatIsNotEnough() {
        // Given
        String numbers =
                IntStream.range(0, 30).mapToObj(i -> "\"n" + i + "\":1000").collect(Collectors.joining(","));
        String json = "{\"name\":\"a-name-of-some-length\",\"strategy\":\"round-robin\"," + numbers + "}";

        // When
        List<String> lines = new Table(List.of(json)).lines();

        // Then
        assertThat(lines.get(1)).startsWith("a-name-of-some-length  round-robin  1000");
    }

    @Test
    void shouldShowNothingForNothing() {
        // Given / When / Then
        assertThat(new Table(List.of()).lines()).isEmpty();
    }
}
