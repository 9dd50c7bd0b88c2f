package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the excerpts of the page on transports equal to the transport of the tests, but for their indentation. */
class WriteATransportPageTest {

    private static final Path PAGE = Path.of("src/site/markdown/write-a-transport.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/recado/transport/echo/EchoTransport.java");
    private static final Path SERVICE =
            Path.of("src/test/resources/transports/echo/META-INF/services/dev.recado.transport.Transport");
    private static final Pattern EXCERPT = Pattern.compile("(?s)```java\n(.+?)```");
    private static final int EXCERPTS_MIN = 8;

    @Test
    void shouldShowTheTransportAsItIs() throws IOException {
        // Given
        String source = withoutIndentation(Files.readString(SOURCE));
        String page = Files.readString(PAGE);

        // When
        Matcher excerpt = EXCERPT.matcher(page);
        int count = 0;
        while (excerpt.find()) {
            count++;
            for (String part : withoutIndentation(excerpt.group(1)).split("\n\n")) {

                // Then
                assertThat(source).contains(part.strip());
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(EXCERPTS_MIN);
        assertThat(page).contains("```\n" + Files.readString(SERVICE) + "```");
    }

    private static String withoutIndentation(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
