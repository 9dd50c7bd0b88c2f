package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StateFileTest {

    private final SimDisk disk = new SimDisk(1);

    private void write(long position) {
        StateFile.write(disk, position, Map.of("groups", ("g" + position).getBytes(StandardCharsets.UTF_8)));
    }

    private StateFile.State read() {
        return Objects.requireNonNull(StateFile.read(disk));
    }

    @Test
    void shouldFindNothingBeforeTheFirst() {
        assertThat(StateFile.read(disk)).isNull();
    }

    @Test
    void shouldReadTheNewestAndKeepTheOneBefore() {
        // When
        write(10);
        write(20);
        write(30);
        // Then
        assertThat(read().journalPosition()).isEqualTo(30);
        assertThat(read().sections().get("groups")).asString().isEqualTo("g30");
        assertThat(read().fallback()).isFalse();
        assertThat(disk.list("")).containsExactly("state-0", "state-1");
    }

    @Test
    void shouldTellFromWhereOnTheJournalIsKept() {
        // Then
        assertThat(StateFile.write(disk, 10, Map.of())).isZero();
        assertThat(StateFile.write(disk, 20, Map.of())).isEqualTo(10);
        assertThat(StateFile.write(disk, 30, Map.of())).isEqualTo(20);
        assertThat(StateFile.write(disk, 30, Map.of())).isEqualTo(30);
        // A damaged one is written over, whichever it is.
        disk.flip("state-1", 30, 1);
        assertThat(StateFile.write(disk, 40, Map.of())).isEqualTo(30);
    }

    @Test
    void shouldFallBackWhereTheNewestIsDamagedAndReplaceIt() {
        // Given
        write(10);
        write(20);
        disk.flip("state-1", 30, 1);
        // Then
        assertThat(read().journalPosition()).isEqualTo(10);
        assertThat(read().fallback()).isTrue();
        write(30);
        assertThat(read().journalPosition()).isEqualTo(30);
        assertThat(read().fallback()).isFalse();
    }

    @Test
    void shouldReportWhereNoneIsReadable() {
        // Given
        write(10);
        disk.cut("state-0", 20);
        // Then
        assertThatThrownBy(() -> StateFile.read(disk)).isInstanceOf(DamagedException.class);
    }

    @Test
    void shouldNoticeEveryFlippedBit() {
        // Given
        byte[] bytes = StateFile.encode(1, 2, Map.of("a", new byte[] {1, 2, 3}));
        // Then
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] ^= 4;
            assertThat(StateFile.decode(bytes)).as("byte %s", at).isNull();
            bytes[at] ^= 4;
        }
        assertThat(StateFile.decode(bytes)).isNotNull();
    }

    @Test
    void shouldKeepOneStateThroughEveryCrash() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            SimDisk torn = new SimDisk(seed);
            long durable = 0;
            torn.losePowerAfter(seed % 25);
            // When
            try {
                for (int position = 1; position < 9; position++) {
                    StateFile.write(torn, position, Map.of("a", new byte[1000]));
                    durable = position;
                }
            } catch (SimDisk.PowerLoss e) {
                torn.restart();
            }
            // Then
            StateFile.State state = StateFile.read(torn);
            assertThat(state == null ? 0 : state.journalPosition()).isBetween(durable, durable + 1);
        }
    }
}
