package dev.recado.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;
import org.junit.jupiter.api.Test;

class ShardLogTest {

    private static ShardLog leading() {
        ShardLog log = new ShardLog(3, 4, 10, 4, 1_000);
        log.onPromiseSynced(log.stand());
        return log;
    }

    @Test
    void shouldLeadOnlyInANewEpochWhosePromiseIsDurable() {
        // Given
        ShardLog log = new ShardLog(3, 4, 10, 4, 1_000);

        // When
        long promised = log.stand();

        // Then
        assertThat(promised).isEqualTo(5);
        assertThatThrownBy(() -> log.append(EntryType.NO_OP, 1, 1)).isInstanceOf(AssertionError.class);
        log.onPromiseSynced(promised);
        assertThat(log.state()).isEqualTo(ShardLog.State.LEADER);
    }

    @Test
    void shouldBeginAnEpochWithANoOp() {
        // Given
        ShardLog log = leading();

        // When / Then
        assertThatThrownBy(() -> log.append(EntryType.DATA, 1, 1)).isInstanceOf(AssertionError.class);
        assertThat(log.append(EntryType.NO_OP, 7, 2_000))
                .isEqualTo(new EntryHeader(EntryType.NO_OP, 3, 11, 5, 4, 7, 2_000));
        assertThat(log.append(EntryType.DATA, 8, 2_001))
                .isEqualTo(new EntryHeader(EntryType.DATA, 3, 12, 5, 5, 8, 2_001));
    }

    @Test
    void shouldCommitWhatIsSyncedInItsEpochOnly() {
        // Given
        ShardLog log = leading();
        log.append(EntryType.NO_OP, 1, 2_000);
        log.append(EntryType.DATA, 2, 2_000);

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
    void shouldNeverLetPublishTimesGoBack() {
        // Given
        ShardLog log = leading();

        // When
        log.append(EntryType.NO_OP, 1, 5_000);

        // Then
        assertThat(log.append(EntryType.DATA, 2, 4_000).publishTimeMs()).isEqualTo(5_000);
    }

    @Test
    void shouldRecoverEntriesInOrderOnly() {
        // Given
        ShardLog log = new ShardLog(3, 4, 10, 4, 1_000);

        // When
        log.onRecovered(new EntryHeader(EntryType.DATA, 3, 11, 6, 4, 1, 1_500));
        log.onPromiseRecovered(9);

        // Then
        assertThat(log.lastIndex()).isEqualTo(11);
        assertThat(log.commitIndex()).isEqualTo(11);
        assertThat(log.stand()).isEqualTo(10);
        assertThatThrownBy(() -> log.onRecovered(new EntryHeader(EntryType.DATA, 3, 13, 6, 6, 1, 1_500)))
                .isInstanceOf(AssertionError.class);
    }
}
