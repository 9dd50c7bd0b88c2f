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
        GroupSettings defaults = GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, Strategy.KEY_ORDERED)
                .with(GroupSettings.LEASE_MS, 7_000)
                .with(GroupSettings.MAX_DELIVERIES, 3)
                .with(GroupSettings.BACK_OFF_MS, 50)
                .with(GroupSettings.BACK_OFF_MAX_MS, 1_000);
        Stage configured = new Stage(
                new TextSettings(
                        65_536,
                        60_000,
                        "",
                        new SessionSettings(
                                base.messageBytesMax(),
                                base.handshakeTimeoutMs(),
                                true,
                                base.topicDefaults(),
                                defaults)),
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
                .isEqualTo(GroupSettings.DEFAULT
                        .with(GroupSettings.STRATEGY, Strategy.KEY_ORDERED)
                        .with(GroupSettings.LEASE_MS, 7_000)
                        .with(GroupSettings.MAX_DELIVERIES, 0)
                        .with(GroupSettings.BACK_OFF_MS, 50)
                        .with(GroupSettings.BACK_OFF_MAX_MS, 1_000));
    }
}
