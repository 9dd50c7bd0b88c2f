package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of settings in text-protocol-reference hold every key with its default. */
class SettingsReferenceTest {

    private static final Path PAGE = Path.of("src", "site", "markdown", "text-protocol-reference.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `([^`]+)` \\|");
    private static final String ALLOWED = "allowed=";

    /** Keys and defaults of the table whose first column is called {@code what}. */
    private static Map<String, String> table(String what) throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("| " + what + " | default | allowed | what it does |");
        assertThat(start).as("table of a " + what).isPositive();
        Map<String, String> rows = new LinkedHashMap<>();
        ROW.matcher(page.substring(start, page.indexOf("\n\n", start)))
                .results()
                .forEach(row -> rows.put(row.group(1), row.group(2)));
        return rows;
    }

    private static String keys(Outcome<?> refused) {
        String detail = ((Outcome.Refused<?>) refused).refusal().detail();
        return detail.substring(detail.indexOf(ALLOWED) + ALLOWED.length());
    }

    @Test
    void shouldTellEveryKeyOfATopicWithItsDefault() throws IOException {
        // Given
        Map<String, String> rows = table("topic");

        // When / Then
        assertThat(String.join(", ", rows.keySet()))
                .isEqualTo(keys(TopicSettings.parse(TopicSettings.DEFAULT, Map.of("?", ""))));
        assertThat(TopicSettings.parse(TopicSettings.DEFAULT, rows)).isEqualTo(Outcome.of(TopicSettings.DEFAULT));
    }

    @Test
    void shouldTellEveryKeyOfAGroupWithItsDefault() throws IOException {
        // Given
        Map<String, String> rows = table("group");

        // When / Then
        assertThat(String.join(", ", rows.keySet()))
                .isEqualTo(keys(GroupSpec.parse(GroupSpec.DEFAULT, Map.of("?", ""))));
        assertThat(rows.remove("dead-letter")).isEqualTo("<topic>.dead");
        assertThat(GroupSpec.parse(GroupSpec.DEFAULT, rows)).isEqualTo(Outcome.of(GroupSpec.DEFAULT));
    }
}
