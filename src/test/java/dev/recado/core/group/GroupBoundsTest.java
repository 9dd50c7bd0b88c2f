package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a group does at its bounds, and that shares are fair. */
class GroupBoundsTest {

    private static final GroupEffects NONE = (offset, attempts, reason) -> {
        throw new AssertionError("dead letter " + offset);
    };

    private static PartitionGroup group(Strategy strategy) {
        return new PartitionGroup(new GroupSettings(strategy, 0, 1, 0, 0, false, 0, null), 0);
    }

    private static int deliverAll(PartitionGroup group, int keyHash) {
        int count = 0;
        for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
            count += group.assign(offset, keyHash, 0) == PartitionGroup.NONE ? 0 : 1;
        }
        return count;
    }

    @Test
    void shouldHandOutNothingNewWhileTooManyRangesAreFinished() {
        // Given
        PartitionGroup group = group(Strategy.ROUND_ROBIN);
        group.join(0, PartitionGroup.IN_HAND_MAX);
        group.onEnd(300_000);
        for (int i = 0; i <= 2 * PartitionGroup.DONE_RANGES_MAX; i++) {
            group.assign(group.next(0), 0, 0);
        }
        // When
        for (long offset = 1; offset <= 2L * PartitionGroup.DONE_RANGES_MAX; offset += 2) {
            group.ack(0, offset, offset);
        }
        // Then
        assertThat(group.pausedByRanges()).isTrue();
        assertThat(group.next(0)).isEqualTo(PartitionGroup.NONE);
        group.nack(0, 0, 0, 0, NONE);
        assertThat(group.next(0)).as("a redelivery can make room").isZero();
        group.assign(0, 0, 0);
        group.ack(0, 0, 0);
        assertThat(group.next(0)).isEqualTo(2L * PartitionGroup.DONE_RANGES_MAX + 1);
    }

    @Test
    void shouldTellManyRangesInSeveralRecords() {
        // Given
        PartitionGroup group = group(Strategy.ROUND_ROBIN);
        group.onEnd(30_000);
        for (long offset = 1; offset < 30_000; offset += 2) {
            group.finish(offset);
        }
        PartitionGroup replica = group(Strategy.ROUND_ROBIN);
        ByteWriter out = new ByteWriter(64);
        int records = 0;
        // When
        while (group.progressDirty()) {
            out.clear();
            group.writeProgress(out);
            replica.applyProgress(new ByteReader(out.toByteArray()));
            records++;
        }
        // Then
        assertThat(records).isEqualTo(4);
        assertThat(replica.backlog()).isEqualTo(15_000);
        assertThat(replica.isFinished(29_999)).isTrue();
    }

    @Test
    void shouldHandOutNothingNewWhileTooMuchIsInHand() {
        // Given
        PartitionGroup group = group(Strategy.ROUND_ROBIN);
        group.join(0, Integer.MAX_VALUE);
        group.onEnd(2_000_000);
        // When
        int delivered = deliverAll(group, 0);
        // Then
        assertThat(delivered).isEqualTo(PartitionGroup.IN_HAND_MAX);
        assertThat(group.ack(0, 0, 9)).isEqualTo(10);
        assertThat(deliverAll(group, 0)).isEqualTo(10);
        assertThat(group.ack(0, 0, 2_000_000)).isEqualTo(PartitionGroup.IN_HAND_MAX);
    }

    @Test
    void shouldLookAheadOnlySoFarForOtherKeys() {
        // Given
        PartitionGroup group = group(Strategy.KEY_ORDERED);
        group.join(0, 1);
        group.join(1, 1);
        group.onEnd(100_000);
        // When
        int delivered = deliverAll(group, 7);
        // Then
        assertThat(delivered).isEqualTo(1);
        assertThat(group.deferred()).isEqualTo(PartitionGroup.DEFERRED_MAX);
        assertThat(group.cursor()).isEqualTo(PartitionGroup.DEFERRED_MAX + 1);
    }

    @Test
    void shouldKeepDeadLettersWaitingBeyondTheBound() {
        // Given
        PartitionGroup group = group(Strategy.ROUND_ROBIN);
        List<Long> dead = new ArrayList<>();
        group.join(0, 5_000);
        group.onEnd(2_500);
        deliverAll(group, 0);
        // When
        group.leave(0, true, 0, (offset, attempts, reason) -> dead.add(offset));
        // Then
        assertThat(dead).hasSize(PartitionGroup.DYING_MAX);
        assertThat(group.deadLettering()).isEqualTo(2_500);
        assertThat(group.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
        dead.forEach(group::deadLetterDone);
        assertThat(group.nextDeadlineMs()).isLessThanOrEqualTo(0);
        group.onTick(0, (offset, attempts, reason) -> group.deadLetterDone(offset));
        assertThat(group.floor()).isEqualTo(2_500);
    }

    @Test
    void shouldShareWithinOneMessageUnderEqualCredit() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int members = 1 + random.nextInt(150);
            PartitionGroup group = group(random.nextBoolean() ? Strategy.ROUND_ROBIN : Strategy.LEAST_IN_FLIGHT);
            int[] share = new int[members];
            for (int member = 0; member < members; member++) {
                group.join(member, 100);
            }
            for (int round = 0; round < 20; round++) {
                group.onEnd(group.end() + random.nextInt(10 * members));
                for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
                    share[group.assign(offset, 0, 0)]++;
                }
                assertThat(java.util.Arrays.stream(share).max().orElse(0)
                                - java.util.Arrays.stream(share).min().orElse(0))
                        .as("seed=%d", seed)
                        .isLessThanOrEqualTo(1);
                for (int member = 0; member < members; member++) {
                    group.ack(member, 0, group.end());
                }
            }
        }
    }

    @Test
    void shouldKeepSettings() {
        // Given
        GroupSettings settings = new GroupSettings(Strategy.SINGLE_ACTIVE, 0, 3, 5, 7, false, 9, "graves");
        ByteWriter out = new ByteWriter(16);
        // When
        settings.encode(out);
        GroupSettings.DEFAULT.encode(out);
        // Then
        ByteReader in = new ByteReader(out.toByteArray());
        assertThat(GroupSettings.decode(in)).isEqualTo(settings);
        assertThat(GroupSettings.decode(in)).isEqualTo(GroupSettings.DEFAULT);
        assertThat(in.consumed()).isTrue();
    }

    @Test
    void shouldNotThrowForDamagedSettings() {
        for (int seed = 0; seed < 5_000; seed++) {
            // Given
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(30)];
            random.nextBytes(bytes);
            // When
            GroupSettings settings = GroupSettings.decode(new ByteReader(bytes));
            // Then
            assertThat(settings.strategy()).isNotNull();
        }
    }

    @Test
    void shouldNameStrategies() {
        for (Strategy strategy : Strategy.values()) {
            assertThat(Strategy.of(strategy.wireName())).isEqualTo(strategy);
        }
        assertThat(Strategy.of("random")).isNull();
    }

    @Test
    void shouldNotCountAGoodbyeAsAnAttempt() {
        // Given
        GroupSettings base = GroupSettings.DEFAULT;
        PartitionGroup group =
                new PartitionGroup(new GroupSettings(base.strategy(), base.leaseMs(), 2, 0, 0, true, 0, null), 0);
        group.onEnd(1);
        List<Long> dead = new ArrayList<>();

        // When
        for (int round = 0; round < 5; round++) {
            group.join(0, 1);
            group.assign(group.next(round), 0, round);
            group.leave(0, false, round, (offset, attempts, reason) -> dead.add(offset));
        }

        // Then
        assertThat(dead).isEmpty();
        assertThat(group.backlog()).isEqualTo(1);
    }
}
