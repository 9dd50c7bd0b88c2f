package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AmqpCallerTest {

    @Test
    void shouldHearConfirmationsByTagBetweenReturns() {
        // Given
        List<String> heard = new ArrayList<>();

        // When
        AmqpCaller.addByTag(heard, "1 basic.ack 1");
        AmqpCaller.addByTag(heard, "1 basic.nack 3");
        AmqpCaller.addByTag(heard, "1 basic.ack 2");
        heard.add("1 basic.return 312 NO_ROUTE");
        AmqpCaller.addByTag(heard, "1 basic.ack 6");
        AmqpCaller.addByTag(heard, "1 basic.nack 4");

        // Then
        assertThat(heard)
                .containsExactly(
                        "1 basic.ack 1",
                        "1 basic.ack 2",
                        "1 basic.nack 3",
                        "1 basic.return 312 NO_ROUTE",
                        "1 basic.nack 4",
                        "1 basic.ack 6");
    }
}
