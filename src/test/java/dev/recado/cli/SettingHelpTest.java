package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.SettingKey;
import dev.recado.core.topic.GroupSpec;
import dev.recado.core.topic.TopicSettings;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingHelpTest {

    @ParameterizedTest
    @CsvSource({"topic, create", "topic, alter", "group, create", "group, alter"})
    void shouldTellEverySettingWithItsDefaultAndBounds(String what, String command) {
        // Given
        List<SettingKey<?>> keys = what.equals("topic") ? TopicSettings.KEYS : GroupSpec.KEYS;

        // When
        String help = RecadoCli.only(what)
                .getSubcommands()
                .get(what)
                .getSubcommands()
                .get(command)
                .getUsageMessage();

        // Then
        String words = help.replaceAll("\\s+", " ");
        assertThat(keys).allSatisfy(key -> {
            assertThat(words).contains(key.name() + " (" + key.setting().defaultText() + ")");
            assertThat(words).contains(key.allowed());
        });
        assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }
}
