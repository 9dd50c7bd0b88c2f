package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Outcome;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange.CreateGroup;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferencesTest {

    private static TopicSettings topic(Map<String, String> given) {
        return ((Outcome.Granted<TopicSettings>) TopicSettings.parse(TopicSettings.DEFAULT, given)).value();
    }

    private static String ofGroup(GroupSpec spec, GroupKind kind) {
        GroupDef group = new GroupDef(1, 1, "g", GroupKind.NAMED, GroupSettings.DEFAULT, GroupSpec.DEFAULT.from(), 0);
        return Differences.between(
                group, new CreateGroup(new UUID(0, 1), "g", kind, spec.settings(), spec.from(), 0, false));
    }

    @ParameterizedTest
    @CsvSource({
        "kind, queue",
        "durability, os",
        "partitions, 2",
        "retention.time, 1h",
        "retention.bytes, 1k",
        "retention.force, true",
        "limit.messages, 5",
        "limit.bytes, 5",
        "limit.message-bytes, 5",
        "overflow, reject",
        "ttl, 1h"
    })
    void shouldNameASettingOfATopicAsItIsWritten(String key, String value) {
        assertThat(Differences.between(TopicSettings.DEFAULT, topic(Map.of(key, value))))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "strategy, single-active",
        "from, first",
        "lease-ms, 1h",
        "max-deliveries, 5",
        "back-off-ms, 5",
        "nack-counts, false",
        "dead-letter, other",
        "max-members, 5"
    })
    void shouldNameASettingOfAGroupAsItIsWritten(String key, String value) {
        // When
        Outcome<GroupSpec> spec = GroupSpec.parse(GroupSpec.DEFAULT, Map.of(key, value));

        // Then
        assertThat(ofGroup(((Outcome.Granted<GroupSpec>) spec).value(), GroupKind.NAMED))
                .isEqualTo(key);
    }

    @Test
    void shouldNameAllThatDiffer() {
        // Given
        Map<String, String> given = Map.of("ttl", "1h", "partitions", "2");

        // When / Then
        assertThat(Differences.between(TopicSettings.DEFAULT, topic(given))).isEqualTo("partitions, ttl");
        assertThat(Differences.between(topic(given), topic(given))).isEmpty();
        assertThat(ofGroup(GroupSpec.DEFAULT, GroupKind.AUTOMATIC)).isEqualTo("kind");
    }
}
