package dev.recado.apps.coffee.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final List<CoffeeRow> ROWS = List.of(new Naming(1, "a"));

    private final Outbox outbox = new Outbox();

    @Test
    void shouldSendAgainInOrderWhatWasNotTaken() throws InterruptedException {
        // Given
        for (int number = 0; number < 4; number++) {
            outbox.put(batch(number));
            assertThat(outbox.next(0)).isEqualTo(batch(number));
        }
        outbox.put(end(4));
        outbox.onTaken(new Position(CoffeeTable.STORES, 1, 1, false));

        // When
        outbox.rewind(List.of(new Position(CoffeeTable.STORES, 2, 2, false)));

        // Then
        assertThat(outbox.next(1)).isEqualTo(batch(2));
        assertThat(outbox.next(1)).isEqualTo(batch(3));
        assertThat(outbox.next(1)).isEqualTo(end(4));
        assertThat(outbox.next(1)).isNull();
    }

    @Test
    void shouldSendNothingOfATableThatHasEnded() throws InterruptedException {
        // Given
        outbox.put(batch(0));
        outbox.put(end(1));

        // When
        outbox.rewind(List.of(new Position(CoffeeTable.STORES, 0, 0, true)));

        // Then
        assertThat(outbox.next(1)).isNull();
    }

    private static Batch batch(long number) {
        return Batch.ofRows(new UUID(1, 2), CoffeeTable.STORES, number, ROWS);
    }

    private static Batch end(long number) {
        return Batch.ofRows(new UUID(1, 2), CoffeeTable.STORES, number, List.of());
    }
}
