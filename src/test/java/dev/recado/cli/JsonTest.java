package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void shouldReadAPayloadOfTheLargestMessageInBase64() {
        String payload = "A".repeat(16 * 1024 * 1024 / 3 * 4);
        assertThat(Json.fields("{\"id\":\"0\",\"payload64\":\"" + payload + "\"}"))
                .containsEntry("id", "0")
                .containsEntry("payload64", payload);
    }

    @Test
    void shouldAnswerNothingForWhatIsNoObject() {
        assertThat(Json.fields("[1]")).isEmpty();
        assertThat(Json.fields("{\"id\":")).isEmpty();
    }
}
