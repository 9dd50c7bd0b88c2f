package dev.recado.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;
import org.junit.jupiter.api.Test;

class ShardLogTest {

    private static ShardLog leading() {
        ShardLog log = new ShardLog(3, 4, 10, 4, new LogClock(1_000));
        log.onPromiseSynced(log.stand(), 1_500, 70);
        return log;
    }

    @Test
    void shouldLeadOnlyInANewEpochWhosePromiseIsDurable() {
        // Given
        ShardLog log = new ShardLog(3, 4, 10, 4, new LogClock(1_000));

        // When
        long promised = log.stand();

        // Then
        assertThat(promised).isEqualTo(5);
        assertThatThrownBy(() -> log.append(EntryType.NO_OP, 1, 1, 1)).isInstanceOf(AssertionError.class);
        log.onPromiseSynced(promised, 1_500, 70);
        assertThat(log.state()).isEqualTo(ShardLog.State.LEADER);
    }

    @Test
    void shouldBeginAnEpochWithANoOp() {
        // Given
        ShardLog log = leading();

        // When / Then
        assertThatThrownBy(() -> log.append(EntryType.DATA, 1, 1, 1)).isInstanceOf(AssertionError.class);
        assertThat(log.append(EntryType.NO_OP, 7, 2_000, 80))
                .isEqualTo(new EntryHeader(EntryType.NO_OP, 3, 11, 5, 4, 7, 2_000, 1_510));
        assertThat(log.append(EntryType.DATA, 8, 2_001, 81))
                .isEqualTo(new EntryHeader(EntryType.DATA, 3, 12, 5, 5, 8, 2_001, 1_511));
    }

    @Test
    void shouldCommitWhatIsSyncedInItsEpochOnly() {
        // Given
        ShardLog log = leading();
        log.append(EntryType.NO_OP, 1, 2_000, 80);
        log.append(EntryType.DATA, 2, 2_000, 80);

        // When
        long stale = log.onSynced(4, 12);
        long first = log.onSynced(5, 11);
        long second = log.onSynced(5, 12);

        // Then
        assertThat(stale).isEqualTo(10);
        assertThat(first).isEqualTo(11);
        assertThat(second).isEqualTo(12);
        assertThat(log.commitEpoch()).isEqualTo(5);
    }

    @Test
    void shouldStampWithTheWallClockAsItIsAndWithATimeThatNeverGoesBack() {
        // Given
        ShardLog log = leading();

        // When
        EntryHeader ahead = log.append(EntryType.NO_OP, 1, 5_000, 70);
        EntryHeader back = log.append(EntryType.DATA, 2, 1_600, 75);

        // Then
        assertThat(ahead.publishTimeMs()).isEqualTo(5_000);
        assertThat(ahead.logTimeMs()).isEqualTo(1_500);
        assertThat(back.publishTimeMs()).isEqualTo(1_600);
        assertThat(back.logTimeMs()).isEqualTo(1_505);
    }

    @Test
    void shouldRecoverEntriesInOrderOnly() {
        // Given
        ShardLog log = new ShardLog(3, 4, 10, 4, new LogClock(1_000));

        // When
        log.onRecovered(new EntryHeader(EntryType.DATA, 3, 11, 6, 4, 1, 1_500, 1_500));
        log.onPromiseRecovered(9);

        // Then
        assertThat(log.lastIndex()).isEqualTo(11);
        assertThat(log.commitIndex()).isEqualTo(11);
        assertThat(log.stand()).isEqualTo(10);
        assertThatThrownBy(() -> log.onRecovered(new EntryHeader(EntryType.DATA, 3, 13, 6, 6, 1, 1_500, 1_500)))
                .isInstanceOf(AssertionError.class);
    }
}
