package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BacklogLimitTest {

    private static TopicSettings limited(int partitions, long messages, long bytes) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.PARTITIONS, partitions)
                .with(TopicSettings.LIMIT_MESSAGES, messages)
                .with(TopicSettings.LIMIT_BYTES, bytes);
    }

    @Test
    void shouldShareTheLimitSoThatSharesDifferByOneAtMostAndSumToIt() {
        // Given
        TopicSettings settings = limited(4, 10, 1_000_003);

        // When
        BacklogLimit[] shares = IntStream.range(0, 4)
                .mapToObj(i -> BacklogLimit.of(settings, i))
                .toArray(BacklogLimit[]::new);

        // Then
        assertThat(shares).extracting(BacklogLimit::messagesMax).containsExactly(3L, 3L, 2L, 2L);
        assertThat(shares).extracting(BacklogLimit::bytesMax).containsExactly(250_001L, 250_001L, 250_001L, 250_000L);
    }

    @Test
    void shouldLeaveEachPartitionOneMessage() {
        assertThat(BacklogLimit.of(limited(4, 2, 0), 3).messagesMax()).isEqualTo(1);
    }

    @Test
    void shouldTellHowMuchRoomThereIsAndWhatNeverFits() {
        // Given
        BacklogLimit limit = new BacklogLimit(10, 100);

        // When, Then
        assertThat(limit.roomForMessages(7)).isEqualTo(3);
        assertThat(limit.roomForMessages(12)).isEqualTo(-2);
        assertThat(limit.roomForBytes(100)).isZero();
        assertThat(limit.canEverFit(100)).isTrue();
        assertThat(limit.canEverFit(101)).isFalse();
    }

    @Test
    void shouldKnowNoLimitWhereNoneIsSet() {
        // Given
        BacklogLimit none = BacklogLimit.of(TopicSettings.DEFAULT, 0);

        // When, Then
        assertThat(none.isNone()).isTrue();
        assertThat(none.roomForMessages(Long.MAX_VALUE / 2)).isPositive();
        assertThat(none.roomForBytes(Long.MAX_VALUE / 2)).isPositive();
        assertThat(none.canEverFit(Long.MAX_VALUE)).isTrue();
    }
}
