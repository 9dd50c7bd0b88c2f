package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.base.Outcome;
import dev.recado.base.SettingKey;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupSpec;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What describes a topic or a group can be given back as its settings. */
class DescribedSettingsTest {

    private final Stage stage = new Stage(Stage.DEFAULT, Stage.OPEN);

    @BeforeEach
    void create() {
        stage.play("""
                > TOPIC:CREATE:t:durability=os&partitions=3&retention.time=none&retention.bytes=0&limit.bytes=1G&ttl=1h
                < OK:TOPIC:CREATE:t
                > GROUP:CREATE:t:g:strategy=key-ordered&from=@5&lease-ms=none&back-off-max-ms=1h&dead-letter=graves
                < OK:GROUP:CREATE:t:g
                """);
    }

    private Topic topic() {
        return Objects.requireNonNull(stage.broker.catalog.topic(TopicName.of("t")));
    }

    /** The values that the answer to {@code command} has for {@code keys}, all of which it must have. */
    private Map<String, String> described(String command, List<SettingKey<?>> keys) throws Exception {
        stage.send("A", command + "\n");
        stage.broker.turn();
        JsonNode object = new ObjectMapper().readTree(stage.wire("A").nextLine());
        Map<String, String> values = new LinkedHashMap<>();
        for (SettingKey<?> key : keys) {
            assertThat(object.has(key.name())).as(key.name()).isTrue();
            values.put(key.name(), object.get(key.name()).asText());
        }
        return values;
    }

    @Test
    void shouldTellEverySettingOfATopicAsItIsTaken() throws Exception {
        // When
        Map<String, String> values = described("TOPIC:DESCRIBE:t", TopicSettings.KEYS);

        // Then
        assertThat(TopicSettings.parse(TopicSettings.DEFAULT, values)).isEqualTo(Outcome.of(topic().settings()));
        assertThat(values).containsEntry("retention.time", "-1").containsEntry("retention.bytes", "0");
    }

    @Test
    void shouldMakeAQueueWithTheSettingsOfItsGroup() throws Exception {
        // Given
        stage.play("""
                > TOPIC:CREATE:jobs:kind=queue&max-deliveries=7&ttl=1h
                < OK:TOPIC:CREATE:jobs
                > TOPIC:CREATE:log:max-deliveries=7
                < ERROR:Invalid argument: a log is made without groups, topic=log
                > TOPIC:CREATE:rack:kind=queue&max-deliveries=-7
                < ERROR:Invalid argument: key=max-deliveries value=-7 allowed=an integer from 1 to 1000000, 0 or none
                """);

        // When
        Map<String, String> values = described("GROUP:LIST:jobs", GroupSpec.KEYS);

        // Then
        assertThat(values).containsEntry("max-deliveries", "7");
    }

    @Test
    void shouldTellEverySettingOfAGroupAsItIsTaken() throws Exception {
        // When
        Map<String, String> values = described("GROUP:LIST:t", GroupSpec.KEYS);

        // Then
        GroupDef group = Objects.requireNonNull(topic().group("g"));
        assertThat(GroupSpec.parse(GroupSpec.DEFAULT, values))
                .isEqualTo(Outcome.of(new GroupSpec(group.settings(), group.from())));
    }
}
