package dev.recado.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Setting;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.TopicSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds the pages about settings equal to {@link SettingTable}. With {@code -Drecado.write-pages=true} it writes them
 * instead.
 */
class SettingsPagesTest {

    private static final SettingTable TABLE = SettingTable.ofProgram();

    private static final Path SETTINGS_FILE = Path.of("config/recado.yaml");
    private static final Path OPERATIONS = Path.of("src/site/markdown/operations.md");
    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- settings: begin -->\n";
    private static final String END = "<!-- settings: end -->";
    private static final String TABLE_HEAD = "| setting | default | allowed | what it does |\n|---|---|---|---|\n";

    @Test
    void shouldShipAFileOfCommentedDefaults() throws IOException {
        // Given
        StringBuilder expected = new StringBuilder("""
                # Every setting of Recado with its default. Uncomment what you want to change, then start with
                #   java -jar recado.jar broker --config recado.yaml
                # The environment (RECADO_TEXT_PORT for text.port) overrides this file, and --set overrides both.
                # This file is held equal to the program by a test.
                """);
        for (Setting setting : TABLE.settings()) {
            expected.append("\n# ")
                    .append(setting.description())
                    .append(" (")
                    .append(setting.allowed())
                    .append(").\n");
            expected.append('#').append(yaml(setting)).append('\n');
        }

        // When / Then
        assertPage(SETTINGS_FILE, expected.toString());
    }

    @Test
    void shouldMeanTheSameUncommented() throws IOException, ConfigException {
        // Given
        String uncommented = Files.readString(SETTINGS_FILE).replaceAll("(?m)^#(?! )", "");
        Path file = Files.writeString(Files.createTempFile("recado", ".yaml"), uncommented);

        try {
            // When / Then
            assertThat(uncommented).contains("\ntext.port: 8080\n");
            assertThat(new ConfigLoader().file(SETTINGS_FILE).load()).isEqualTo(Config.defaults());
            assertThat(new ConfigLoader().file(file).load()).isEqualTo(Config.defaults());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shouldListEverySettingInTheOperationsPage() throws IOException {
        // Given
        StringBuilder table = new StringBuilder(TABLE_HEAD);
        TABLE.settings().forEach(setting -> table.append(row(setting)));
        String page = Files.readString(OPERATIONS);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);

        // When / Then
        assertPage(OPERATIONS, page.substring(0, begin) + table + page.substring(end));
    }

    @Test
    void shouldShowTrueRowsInTheReadme() throws IOException {
        // Given
        List<String> rows = Files.readAllLines(README).stream()
                .filter(line -> line.matches("\\| `[a-z]+[.-].*` \\| .* \\| .* \\| .* \\|"))
                .map(line -> line + "\n")
                .toList();

        // When / Then
        assertThat(rows).hasSizeGreaterThan(5);
        assertThat(TABLE.settings().stream().map(SettingsPagesTest::row)).containsAll(rows);
    }

    @Test
    void shouldShipTheLimitsOfTheClassicBroker() throws ConfigException {
        // When
        Config config = new ConfigLoader().file(Path.of("config/classic.yaml")).load();

        // Then
        TopicSettings topics = config.topics().defaults();
        assertThat(config.transports().values().integer("text.port")).isEqualTo(8080);
        assertThat(topics.limitMessageBytes()).isEqualTo(1024);
        assertThat(topics.limitMessages()).isEqualTo(1000);
        assertThat(topics.overflow()).isEqualTo(Overflow.REJECT);
        assertThat(config.sessions().connectionsMax()).isEqualTo(100);
        assertThat(config.groups().maxMembers()).isEqualTo(10);
        assertThat(config.log().file()).isEqualTo("cola_mensajes.log");
    }

    private static void assertPage(Path page, String expected) throws IOException {
        if (Boolean.getBoolean("recado.write-pages")) {
            Files.writeString(page, expected);
        }
        assertThat(Files.readString(page)).isEqualTo(expected);
    }

    private static String yaml(Setting setting) {
        String text = setting.defaultText();
        return setting.key() + ": " + (text.isEmpty() ? "\"\"" : text);
    }

    private static String row(Setting setting) {
        String text = setting.defaultText().isEmpty() ? "(empty)" : "`" + setting.defaultText() + "`";
        return "| `" + setting.key() + "` | " + text + " | " + setting.allowed() + " | " + setting.description()
                + " |\n";
    }
}
