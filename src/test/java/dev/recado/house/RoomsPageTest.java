package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of the page on architecture equal to {@link Rooms}. With {@code -Drecado.write-pages=true} it writes
 * the table.
 */
class RoomsPageTest {

    private static final Path PAGE = Path.of("src/site/markdown/architecture.md");
    private static final String HEAD = "| package (`dev.recado.…`) | purpose | imports |\n|---|---|---|\n";

    @Test
    void shouldShowTheDoors() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        int from = page.indexOf(HEAD);
        int to = page.indexOf("\n\n", from) + 1;

        // When
        String table = HEAD + Rooms.ALL.stream().map(RoomsPageTest::row).collect(Collectors.joining())
                + "| `app` | `main`, wiring, commands on a stopped data directory | all |\n";
        if (Boolean.getBoolean("recado.write-pages")) {
            Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
        }

        // Then
        assertThat(Files.readString(PAGE)).contains(table + "\n");
    }

    private static String row(Rooms.Room room) {
        String doors = room.doors().stream().map(door -> "`" + door + "`").collect(Collectors.joining(", "));
        return "| `" + room.name() + "` | " + room.purpose() + " | " + (doors.isEmpty() ? "–" : doors) + " |\n";
    }
}
