package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PluralTest {

    @Test
    void shouldCountOneAsOneAndAllElseAsMany() {
        assertThat(Plural.of(1, "message")).isEqualTo("1 message");
        assertThat(Plural.of(0, "message")).isEqualTo("0 messages");
        assertThat(Plural.of(2, "dead letter")).isEqualTo("2 dead letters");
        assertThat(Plural.noun(1, "task")).isEqualTo("task");
        assertThat(Plural.noun(1_000, "task")).isEqualTo("tasks");
    }
}
