package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.SettingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds the tables of settings in text-protocol-reference equal to the declarations. With {@code
 * -Drecado.write-pages=true} it writes them instead.
 */
class SettingsReferenceTest {

    private static final Path PAGE = Path.of("src", "site", "markdown", "text-protocol-reference.md");

    private static String table(String what, List<SettingKey<?>> keys) {
        StringBuilder table =
                new StringBuilder("| " + what + " | default | allowed | what it does |\n|---|---|---|---|\n");
        for (SettingKey<?> key : keys) {
            String fixed = key.isFixed() ? ". Fixed when the " + what + " is made" : "";
            table.append("| `")
                    .append(key.name())
                    .append("` | `")
                    .append(key.setting().defaultText())
                    .append("` | ")
                    .append(key.allowed().replace("<", "\\<"))
                    .append(" | ")
                    .append(key.setting().description())
                    .append(fixed)
                    .append(" |\n");
        }
        return table.toString();
    }

    private static void assertTable(String what, List<SettingKey<?>> keys) throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("| " + what + " | default | allowed | what it does |");
        assertThat(begin).as("table of a " + what).isPositive();
        int end = page.indexOf("\n\n", begin) + 1;
        String expected = page.substring(0, begin) + table(what, keys) + page.substring(end);
        if (Boolean.getBoolean("recado.write-pages")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    @Test
    void shouldTellEverySettingOfATopic() throws IOException {
        assertTable("topic", TopicSettings.KEYS);
    }

    @Test
    void shouldTellEverySettingOfAGroup() throws IOException {
        assertTable("group", GroupSpec.KEYS);
    }

    @Test
    void shouldTellEverySettingOfAnExchange() throws IOException {
        assertTable("exchange", ExchangeSettings.KEYS);
    }
}
