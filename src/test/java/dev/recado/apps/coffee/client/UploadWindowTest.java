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

class UploadWindowTest {

    private static final List<CoffeeRow> ROWS = List.of(new Naming(1, "a"));

    private final UploadWindow window = new UploadWindow();

    @Test
    void shouldSendAgainInOrderWhatWasNotTaken() throws InterruptedException {
        // Given
        for (int number = 0; number < 4; number++) {
            window.put(batch(number));
            assertThat(window.next(0)).isEqualTo(batch(number));
        }
        window.put(end(4));
        window.onTaken(new Position(CoffeeTable.STORES, 1, 1, false));

        // When
        window.rewind(List.of(new Position(CoffeeTable.STORES, 2, 2, false)));

        // Then
        assertThat(window.next(1)).isEqualTo(batch(2));
        assertThat(window.next(1)).isEqualTo(batch(3));
        assertThat(window.next(1)).isEqualTo(end(4));
        assertThat(window.next(1)).isNull();
    }

    @Test
    void shouldSendNothingOfATableThatHasEnded() throws InterruptedException {
        // Given
        window.put(batch(0));
        window.put(end(1));

        // When
        window.rewind(List.of(new Position(CoffeeTable.STORES, 0, 0, true)));

        // Then
        assertThat(window.next(1)).isNull();
    }

    private static Batch batch(long number) {
        return Batch.ofRows(new UUID(1, 2), CoffeeTable.STORES, number, ROWS);
    }

    private static Batch end(long number) {
        return Batch.ofRows(new UUID(1, 2), CoffeeTable.STORES, number, List.of());
    }
}
