package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.amqp.AmqpRightsTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The matrix on the page about security is the one that tests hold the program to. With {@code
 * -Drecado.write-pages=true} it writes the page.
 */
class RightsPageTest {

    private static final Path PAGE = Path.of("src", "site", "markdown", "security.md");
    private static final String BEGIN = "<!-- rights: begin -->\n";
    private static final String END = "<!-- rights: end -->\n";

    private static void addTable(StringBuilder page, String head, String table) {
        page.append("| ").append(head).append(" | rights |\n|---|---|\n");
        table.lines().forEach(line -> {
            String[] row = (line + " ").split(" +=> ", 2);
            String command = row[0].replaceFirst("/x$", "").replaceFirst(" : x$", "");
            String needs = row[1].strip();
            page.append("| `").append(command.strip().replace("|", "\\|")).append("` | ");
            page.append(needs.isEmpty() ? "a login" : needs).append(" |\n");
        });
    }

    @Test
    void shouldShowTheMatrix() throws IOException {
        // Given
        StringBuilder matrix = new StringBuilder("\nThere are the topics `orders` (with the group `g`), `other` and"
                + " `default`, and the exchange `news`, which leads to `orders`; `fresh` and `flash` are not there."
                + " A right without a name: on some topic; `monitor` and `administer`: on everything.\n\n");
        addTable(matrix, "text", TextRightsTest.TABLE);
        matrix.append('\n');
        addTable(matrix, "AMQP", AmqpRightsTest.TABLE);
        matrix.append("\nZMTP: `publish` on the listener's topic for who sends (REQ, PUB, PUSH and their kin),"
                + " `consume` for who receives; without it the handshake is refused.\n\n");
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected = page.substring(0, from) + matrix + page.substring(page.indexOf(END));

        // When
        if (Boolean.getBoolean("recado.write-pages")) {
            Files.writeString(PAGE, expected);
        }

        // Then
        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }
}
