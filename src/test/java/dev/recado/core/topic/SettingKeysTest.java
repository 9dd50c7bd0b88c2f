package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Outcome;
import dev.recado.base.Setting;
import dev.recado.base.SettingKey;
import dev.recado.base.SettingSet;
import dev.recado.core.group.GroupSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every setting of topics and groups, made from their tables. */
class SettingKeysTest {

    private static Stream<SettingKey<?>> all() {
        return Stream.concat(TopicSettings.KEYS.stream(), GroupSpec.KEYS.stream());
    }

    private static Stream<SettingKey<?>> changeable() {
        return all().filter(key -> key != TopicSettings.PRIORITIES);
    }

    private static Stream<SettingKey<?>> quantities() {
        return all().filter(key -> switch (key.setting().kind()) {
            case INTEGER, BYTES, DURATION -> true;
            default -> false;
        });
    }

    /** A value that is not the default. */
    private static String another(SettingKey<?> key) {
        Setting setting = key.setting();
        return switch (setting.kind()) {
            case INTEGER, BYTES, DURATION -> Long.toString(setting.max() - 1);
            case BOOLEAN -> Boolean.toString(!Boolean.parseBoolean(setting.defaultText()));
            case CHOICE -> setting.choices().get(1 + setting.choices().indexOf(setting.defaultText()));
            case TEXT -> "7";
        };
    }

    private static boolean isOfTopic(SettingKey<?> key) {
        return TopicSettings.KEYS.contains(key);
    }

    private static SettingSet standard(SettingKey<?> key) {
        return isOfTopic(key) ? TopicSettings.DEFAULT.values() : GroupSpec.DEFAULT.values();
    }

    private static SettingSet parsed(SettingKey<?> key, String text) {
        return granted(standard(key).parsed(Map.of(key.name(), text)));
    }

    private static <T> T granted(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Granted.class);
        return ((Outcome.Granted<T>) outcome).value();
    }

    private static void assertSame(SettingKey<?> key, String... spellings) {
        assertThat(List.of(spellings)).as(key.name()).allSatisfy(spelling -> assertThat(parsed(key, spelling))
                .isEqualTo(parsed(key, spellings[0])));
    }

    private static void assertRefused(SettingKey<?> key, String text) {
        assertThat(standard(key).parsed(Map.of(key.name(), text))).isInstanceOf(Outcome.Refused.class);
        assertThat(key.setting().allows(text)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldReadItsDefaultAsItIsWritten(SettingKey<?> key) {
        assertThat(parsed(key, key.setting().defaultText())).isEqualTo(standard(key));
    }

    @ParameterizedTest
    @MethodSource("changeable")
    void shouldReadWhatItWrites(SettingKey<?> key) {
        // Given
        SettingSet changed = parsed(key, another(key));

        // When
        Map<String, String> plain = new HashMap<>();
        changed.plain().forEach((name, value) -> plain.put(name, value.toString()));

        // Then
        assertThat(changed).isNotEqualTo(standard(key));
        assertThat(granted(standard(key).parsed(changed.texts()))).isEqualTo(changed);
        assertThat(granted(standard(key).parsed(plain))).isEqualTo(changed);
    }

    @ParameterizedTest
    @MethodSource("quantities")
    void shouldEndAtItsBounds(SettingKey<?> key) {
        // Given
        Setting setting = key.setting();
        long min = setting.min();

        // When / Then
        assertSame(key, setting.text(min), Long.toString(min));
        assertSame(key, setting.text(setting.max()), Long.toString(setting.max()));
        assertRefused(key, Long.toString(setting.max() + 1));
        assertRefused(key, "");
        assertRefused(key, "-2");
        assertRefused(key, "many");
        if (min > 1) {
            assertRefused(key, Long.toString(min - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("quantities")
    void shouldTakeNoneInEverySpellingOrInNoOne(SettingKey<?> key) {
        // Given
        Setting setting = key.setting();

        // When / Then
        if (setting.allows("none")) {
            assertSame(key, "none", "-1", setting.text(setting.bounds().none()));
            assertThat(key.allowed()).endsWith("none");
            if (setting.min() > 0) {
                assertSame(key, "none", "0");
            }
        } else {
            assertRefused(key, "none");
            assertRefused(key, "-1");
        }
    }

    @ParameterizedTest
    @MethodSource("changeable")
    void shouldBeTheOneDifference(SettingKey<?> key) {
        // Given
        SettingSet changed = parsed(key, another(key));

        // When
        String difference = isOfTopic(key)
                ? Differences.between(TopicSettings.DEFAULT, TopicSettings.of(changed))
                : differenceOfGroup(changed);

        // Then
        assertThat(difference).isEqualTo(key.name());
    }

    private static String differenceOfGroup(SettingSet changed) {
        GroupDef group = new GroupDef(1, 1, "g", GroupKind.NAMED, GroupSettings.DEFAULT, GroupSpec.FROM.standard(), 0);
        return Differences.between(
                group,
                new CatalogChange.CreateGroup(
                        new UUID(0, 1),
                        "g",
                        GroupKind.NAMED,
                        GroupSettings.of(changed),
                        changed.get(GroupSpec.FROM),
                        0,
                        false));
    }

    @ParameterizedTest
    @MethodSource("changeable")
    void shouldBeStored(SettingKey<?> key) {
        // Given
        SettingSet changed = parsed(key, another(key));
        TopicSettings topic = isOfTopic(key) ? TopicSettings.of(changed) : TopicSettings.DEFAULT;
        GroupSettings group = isOfTopic(key) ? GroupSettings.DEFAULT : GroupSettings.of(changed);
        StartPosition from = isOfTopic(key) ? StartPosition.first() : changed.get(GroupSpec.FROM);

        // When
        ByteWriter out = new ByteWriter(256);
        topic.encode(out);
        group.encode(out);
        from.encode(out);
        ByteReader in = new ByteReader(out.toByteArray());

        // Then
        assertThat(TopicSettings.decode(in)).isEqualTo(topic);
        assertThat(GroupSettings.decode(in)).isEqualTo(group);
        assertThat(StartPosition.decode(in)).isEqualTo(from);
        assertThat(in.consumed()).isTrue();
    }
}
