package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The text of the launcher; {@code LauncherIT} runs it. */
class LauncherCommandTest {

    @Test
    void shouldNameTheJarSoThatNoShellReadsAnythingElseInIt() throws IOException {
        // When
        String script = LauncherCommand.script(Path.of("/it's/$(a) \"b\"/`c`.jar"));

        // Then
        assertThat(script).startsWith("#!/bin/sh\n").contains("\njar='/it'\\''s/$(a) \"b\"/`c`.jar'\n");
        assertThat(script).doesNotContain("@JAR@");
        assertThat(script.lines()).allMatch(line -> line.length() <= 120);
    }
}
