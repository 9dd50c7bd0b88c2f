package dev.recado.apps.coffee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final StringWriter text = new StringWriter();

    private ProgressLine line(boolean isTerminal) {
        return new ProgressLine(new PrintWriter(text, true), isTerminal);
    }

    @Test
    void shouldTellLinesAndTenthsWhereNobodyLooks() {
        // Given
        ProgressLine line = line(false);

        // When
        for (int percent = 0; percent <= 100; percent++) {
            line.show("sent " + percent + " %");
        }
        line.show("waiting for the answer, 0 of 5 tables");
        line.end();

        // Then
        assertThat(text.toString().lines())
                .hasSize(12)
                .startsWith("sent 0 %", "sent 10 %")
                .endsWith("sent 100 %", "waiting for the answer, 0 of 5 tables");
        assertThat(text.toString()).doesNotContain("\r", "[");
    }

    @Test
    void shouldWriteOverItsLineOnATerminal() {
        // Given
        ProgressLine line = line(true);

        // When
        line.show("sent 50 %");
        line.show("sent 100 %");
        line.end();
        line.end();

        // Then
        String half = "[" + "#".repeat(20) + ".".repeat(20) + "] 50 %";
        assertThat(text.toString()).startsWith("\rsent " + half).contains("\rsent [" + "#".repeat(40) + "] 100 %");
        assertThat(text.toString()).containsOnlyOnce(System.lineSeparator());
    }
}
