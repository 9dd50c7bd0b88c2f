package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionPositionsTest {

    private static final UUID SESSION = new UUID(1, 2);

    @TempDir
    Path directory;

    private final List<SessionPositions> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (SessionPositions each : opened) {
            each.close();
        }
    }

    private SessionPositions open() throws IOException {
        SessionPositions positions = SessionPositions.open(directory, SESSION);
        opened.add(positions);
        return positions;
    }

    @Test
    void shouldRememberWhatWasCommittedOnly() throws IOException {
        // Given
        SessionPositions positions = open();
        positions.onBatch(CoffeeTable.STORES, 10);
        positions.onEnd(CoffeeTable.STORES);
        positions.commit();

        // When
        positions.onBatch(CoffeeTable.USERS, 5);
        positions.rollBack();

        // Then
        assertThat(positions.position(CoffeeTable.USERS)).isEqualTo(new Position(CoffeeTable.USERS, 0, 0, false));
        assertThat(positions.position(CoffeeTable.STORES)).isEqualTo(new Position(CoffeeTable.STORES, 1, 10, true));
        assertThat(open().positions()).isEqualTo(positions.positions());
    }

    @Test
    void shouldTellWhatTheGatewayEnded() throws IOException {
        // Given
        SessionPositions positions = open();
        positions.onBatch(CoffeeTable.USERS, 5);
        positions.onEnd(CoffeeTable.STORES);
        positions.commit();

        // When
        positions.endAll();

        // Then
        SessionPositions again = open();
        assertThat(again.isEnded()).isTrue();
        assertThat(again.endedByGateway())
                .hasSize(4)
                .contains(new Position(CoffeeTable.USERS, 1, 5, true))
                .noneMatch(position -> position.table() == CoffeeTable.STORES);
    }
}
