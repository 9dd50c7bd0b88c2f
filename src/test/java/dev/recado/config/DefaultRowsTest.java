package dev.recado.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.HandOver;
import dev.recado.core.topic.Spilling;
import dev.recado.core.topic.TopicNote;
import dev.recado.core.topic.TopicSettings;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting of topics and groups has its row, and what a row says is what is made. */
class DefaultRowsTest {

    private static Stream<SettingKey<?>> all() {
        return Stream.concat(TopicSettings.KEYS.stream(), GroupSettings.KEYS.stream())
                .filter(key -> key != TopicSettings.PRIORITIES
                        && key != TopicSettings.EXCLUSIVE
                        && key != DeadLetterRoute.EXCHANGE
                        && key != DeadLetterRoute.KEY
                        && key != HandOver.KEY
                        && key != Spilling.KEY
                        && key != TopicNote.KEY
                        && key != GroupSettings.DEAD_LETTER);
    }

    private static String row(SettingKey<?> key) {
        return (TopicSettings.KEYS.contains(key) ? "topics.default." : "groups.default.") + key.name();
    }

    private static SettingSet made(SettingKey<?> key, Config config) {
        return TopicSettings.KEYS.contains(key)
                ? config.topics().defaults().values()
                : config.groups().defaults().values();
    }

    /** A value that is not the default. */
    private static String another(SettingKey<?> key) {
        Setting setting = key.setting();
        return switch (setting.kind()) {
            case INTEGER, BYTES, DURATION -> setting.text(setting.max() / 2);
            case BOOLEAN -> Boolean.toString(!Boolean.parseBoolean(setting.defaultText()));
            default -> setting.choices().get(setting.choices().size() - 1);
        };
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldMakeWhatItSays(SettingKey<?> key) throws ConfigException {
        // Given
        ConfigLoader loader = new ConfigLoader()
                .set("message.bytes-max", "256MiB")
                .set("groups.default.back-off-max-ms", "12h")
                .set(row(key), another(key));

        // When
        SettingSet made = made(key, loader.load());

        // Then
        assertThat(made.text(key)).isEqualTo(another(key));
    }

    @Test
    void shouldMakeWhatIsMadeWithoutAConfiguration() {
        assertThat(Config.defaults().topics().defaults()).isEqualTo(TopicSettings.DEFAULT);
        assertThat(Config.defaults().topics().deadLetters()).isEqualTo(TopicSettings.DEFAULT);
        assertThat(Config.defaults().groups().defaults()).isEqualTo(GroupSettings.DEFAULT);
    }

    @Test
    void shouldTakeTheLimitOfTheBrokerWhereATopicHasNone() throws ConfigException {
        // Given
        ConfigLoader loader = new ConfigLoader()
                .set("message.bytes-max", "1MiB")
                .set("topics.default.limit.message-bytes", "none")
                .set("topics.dead-letters.ttl", "7d");

        // When
        TopicsConfig topics = loader.load().topics();

        // Then
        assertThat(topics.defaults().limitMessageBytes()).isEqualTo(1 << 20);
        assertThat(topics.deadLetters()).isEqualTo(topics.defaults().with(TopicSettings.TTL, 7 * 86_400_000L));
    }
}
