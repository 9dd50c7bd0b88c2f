package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.SessionSettings;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the commands that administrate make, beyond what they answer. */
class AdministrationTest {

    @Test
    void shouldMakeGroupsWithTheDefaultsOfTheBroker() {
        // Given
        SessionSettings base = SessionSettings.DEFAULT;
        GroupSettings defaults = new GroupSettings(Strategy.KEY_ORDERED, 7_000, 3, 50, 1_000, true, 0, null);
        Stage configured = new Stage(
                new SessionSettings(
                        base.lineBytesMax(),
                        base.messageBytesMax(),
                        base.idleTimeoutMs(),
                        base.handshakeTimeoutMs(),
                        true,
                        base.topicDefaults(),
                        defaults),
                Stage.OPEN);

        // When
        configured.play("""
                > TOPIC:CREATE:t
                < OK:TOPIC:CREATE:t
                > GROUP:CREATE:t:g:max-deliveries=0
                < OK:GROUP:CREATE:t:g
                """);

        // Then
        GroupDef group =
                Objects.requireNonNull(Objects.requireNonNull(configured.broker.catalog.topic(TopicName.of("t")))
                        .group("g"));
        assertThat(group.settings())
                .isEqualTo(new GroupSettings(Strategy.KEY_ORDERED, 7_000, 0, 50, 1_000, true, 0, null));
    }
}
