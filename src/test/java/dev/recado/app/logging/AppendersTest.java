package dev.recado.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendersTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"100% sure", "data%20 (1)", "%i", "%d", "a\\b", "a%", "{x}"})
    void shouldWriteBelowADirectoryOfAnyName(String name) throws Exception {
        // Given: what means something in Logback's patterns
        Path file = Files.createDirectory(directory.resolve(name)).resolve("recado.log");
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());

        // When
        RollingFileAppender<ILoggingEvent> appender = Appenders.file(context, Level.INFO, file, 64 * 1024);
        appender.doAppend(event(context, "hello"));
        appender.stop();

        // Then
        assertThat(Files.readString(file)).contains("hello");
    }

    private static LoggingEvent event(LoggerContext context, String text) {
        return new LoggingEvent("", context.getLogger("test"), Level.INFO, text, null, new Object[0]);
    }

    @Test
    void shouldKeepThreeOldFilesTheNewestFirst() throws Exception {
        // Given
        Path file = directory.resolve("100%.log");
        OldFiles old = new OldFiles(file, 3);

        // When
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "text " + i);
            old.rollover();
        }

        // Then
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("100%.log.1", "100%.log.2", "100%.log.3");
        }
        assertThat(List.of(
                        Files.readString(directory.resolve("100%.log.1")),
                        Files.readString(directory.resolve("100%.log.2")),
                        Files.readString(directory.resolve("100%.log.3"))))
                .containsExactly("text 4", "text 3", "text 2");
    }
}
