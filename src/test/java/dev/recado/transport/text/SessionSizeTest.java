package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.SessionSize;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ten thousand idle connections are promised at 12 KiB each; this holds what the text protocol adds to that. */
class SessionSizeTest {

    private static final long BYTES_MAX = 1_536;

    @Test
    void shouldCostLittleWhileItIsIdle() throws IllegalAccessException {
        // Given
        Stage stage = new Stage();
        TextSession other = stage.wire("A").session();
        TextSession idle = stage.wire("B").session();

        // When
        stage.play("""
                B> HELLO:idle
                B< OK:HELLO:recado/0.2.0:n1
                """);

        // Then
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        SessionSize.bytes(other, seen);
        assertThat(SessionSize.bytes(idle, seen)).isBetween(512L, BYTES_MAX);
    }
}
