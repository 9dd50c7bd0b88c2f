package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
    void shouldShowNothingForNothing() {
        // Given / When / Then
        assertThat(new Table(List.of()).lines()).isEmpty();
    }
}
