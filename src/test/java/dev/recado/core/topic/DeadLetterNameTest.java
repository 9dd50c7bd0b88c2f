package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.Names;
import dev.recado.core.group.GroupSettings;
import org.junit.jupiter.api.Test;

class DeadLetterNameTest {

    @Test
    void shouldAddTheSuffixWhereItFits() {
        assertThat(DeadLetterName.of("orders")).isEqualTo("orders.dead");
        assertThat(DeadLetterName.of("n".repeat(250))).isEqualTo("n".repeat(250) + ".dead");
    }

    @Test
    void shouldShortenALongerName() {
        // When
        String one = DeadLetterName.of("n".repeat(251));
        String other = DeadLetterName.of("n".repeat(252));

        // Then
        assertThat(one).matches("n{200}~[0-9a-f]{8}\\.dead").isNotEqualTo(other);
        assertThat(Names.problem("topic", one)).isNull();
    }

    @Test
    void shouldNeverBeTheTopicThatTheGroupReads() {
        // Given
        GroupSettings own = deadLetter("orders");

        // When / Then
        assertThat(DeadLetterName.isLoop(own, "orders")).isTrue();
        assertThat(DeadLetterName.of(own, "orders")).isEqualTo("orders.dead");
        assertThat(DeadLetterName.isLoop(own, "jobs")).isFalse();
        assertThat(DeadLetterName.of(own, "jobs")).isEqualTo("orders");
        assertThat(DeadLetterName.of(deadLetter(""), "orders")).isNull();
    }

    private static GroupSettings deadLetter(String name) {
        GroupSettings base = GroupSettings.DEFAULT;
        return base.with(GroupSettings.DEAD_LETTER, name);
    }

    @Test
    void shouldNotDivideACharacter() {
        // When
        String name = DeadLetterName.of("€".repeat(85));

        // Then
        assertThat(name).matches("€{66}~[0-9a-f]{8}\\.dead");
        assertThat(Names.problem("topic", name)).isNull();
    }
}
