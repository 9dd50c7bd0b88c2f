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
        return new PartitionGroup(
                GroupSettings.DEFAULT
                        .with(GroupSettings.STRATEGY, strategy)
                        .with(GroupSettings.LEASE_MS, 0)
                        .with(GroupSettings.MAX_DELIVERIES, 1)
                        .with(GroupSettings.BACK_OFF_MS, 0)
                        .with(GroupSettings.BACK_OFF_MAX_MS, 0)
                        .with(GroupSettings.NACK_COUNTS, false),
                0);
    }

    private static int deliverAll(PartitionGroup group, int keyHash) {
        int count = 0;
        for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
            count += group.assign(offset, keyHash, 0) == PartitionGroup.NONE ? 0 : 1;
        }
        return count;
    }

    @Test
    void shouldHandOutNothingNewWhileItHoldsAsManyBytesAsItMay() {
        // Given: every second message finished, the others in hand
        PartitionGroup group = group(Strategy.ROUND_ROBIN);
        GroupNeeds needs = new GroupNeeds(group);
        needs.holdAtMost(1_000_000);
        group.join(0, Integer.MAX_VALUE);
        group.onEnd(300_000);
        // When
        long last = 0;
        for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
            last = offset;
            group.assign(offset, 0, 0);
            if (offset % 2 == 1) {
                group.ack(0, offset, offset);
            }
        }
        // Then
        long each = OpenOffsets.RECORD_BYTES + InHand.RANGE_BYTES;
        assertThat(last).isBetween(2 * 1_000_000 / each - 2, 2 * 1_000_000 / each + 2);
        assertThat(needs.isHeldBack()).isTrue();
        group.nack(0, 0, 0, 0, NONE);
        assertThat(group.next(0)).as("a redelivery can make room").isZero();
        group.assign(0, 0, 0);
        group.ack(0, 0, 0);
        group.ack(0, 2, 2);
        assertThat(group.next(0)).isEqualTo(last + 1);
        assertThat(needs.isHeldBack()).isFalse();
    }

    @Test
    void shouldPutOffManyMessagesInFewBytes() {
        // Given
        PartitionGroup group = group(Strategy.ROUND_ROBIN);
        GroupNeeds needs = new GroupNeeds(group);
        int messages = 150_000;
        group.alter(GroupSettings.DEFAULT);
        group.join(0, 5_000);
        group.onEnd(messages);
        // When: every second message is put off for an hour
        int handed = 0;
        for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
            group.assign(offset, 0, 0);
            handed++;
            if (offset % 2 == 1) {
                group.ack(0, offset, offset);
            } else {
                group.nack(0, offset, 3_600_000, 0, NONE);
            }
        }
        // Then
        assertThat(handed).isEqualTo(messages);
        assertThat(needs.heldBytes()).isLessThan(messages / 2 * 110L);
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
            group.writeProgress(0, 0, out);
            replica.applyProgress(PartitionGroup.FORMAT_VERSION, new ByteReader(out.toByteArray()));
            records++;
        }
        // Then
        assertThat(records).isEqualTo(4);
        assertThat(replica.backlog()).isEqualTo(15_000);
        assertThat(replica.isFinished(29_999)).isTrue();
    }

    @Test
    void shouldPassWhatWaitsForItsMemberAsOneRange() {
        // Given: two members, each with a key
        PartitionGroup group = group(Strategy.KEY_ORDERED);
        GroupNeeds needs = new GroupNeeds(group);
        group.join(0, 1);
        group.join(1, 1);
        group.onEnd(1_000_000);
        int delivered = deliverAll(group, 7);
        int other = 8;
        while (KeySlots.slotOf(other) % 2 == KeySlots.slotOf(7) % 2) {
            other++;
        }
        // When
        group.onEnd(1_000_001);
        int second = group.assign(group.next(0), other, 0);
        // Then
        assertThat(delivered).isEqualTo(1);
        assertThat(group.inHand.deferredCount()).isEqualTo(999_999);
        assertThat(second).isNotEqualTo(PartitionGroup.NONE);
        assertThat(needs.heldBytes()).isLessThan(1_000);
    }

    @Test
    void shouldHandOutWhatItPassedInOrder() {
        // Given
        PartitionGroup group = group(Strategy.KEY_ORDERED);
        group.join(0, 1);
        group.join(1, 1);
        group.onEnd(1_000);
        int holder = group.assign(group.next(0), 7, 0);
        assertThat(deliverAll(group, 7)).isZero();
        // When
        List<Long> handed = new ArrayList<>(List.of(0L));
        for (long last = 0; last < 999; last = handed.get(handed.size() - 1)) {
            group.ack(holder, last, last);
            long offset = group.next(0);
            assertThat(group.assign(offset, 7, 0)).isEqualTo(holder);
            handed.add(offset);
        }
        // Then
        assertThat(handed).hasSize(1_000).isSorted().doesNotHaveDuplicates();
        assertThat(group.attempt(999)).isEqualTo(1);
    }

    @Test
    void shouldTellOfPassedMessagesInOneRun() {
        // Given
        PartitionGroup group = group(Strategy.KEY_ORDERED);
        group.join(0, 1);
        group.join(1, 1);
        group.onEnd(100_000);
        deliverAll(group, 7);
        ByteWriter progress = new ByteWriter(64);
        // When
        group.writeProgress(0, 0, progress);
        PartitionGroup replica = group(Strategy.KEY_ORDERED);
        replica.applyProgress(PartitionGroup.FORMAT_VERSION, new ByteReader(progress.toByteArray()));
        // Then
        assertThat(progress.size()).isLessThan(40);
        assertThat(replica.inHand.untried.next(1)).isEqualTo(1);
        assertThat(replica.inHand.untried.nextGap(1)).isEqualTo(100_000);
        assertThat(replica.inHand.untried.contains(0)).isFalse();
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
        GroupSettings settings = GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, Strategy.SINGLE_ACTIVE)
                .with(GroupSettings.LEASE_MS, 0)
                .with(GroupSettings.MAX_DELIVERIES, 3)
                .with(GroupSettings.BACK_OFF_MS, 5)
                .with(GroupSettings.BACK_OFF_MAX_MS, 7)
                .with(GroupSettings.NACK_COUNTS, false)
                .with(GroupSettings.MAX_MEMBERS, 9)
                .with(GroupSettings.DEAD_LETTER, "graves");
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
            assertThat(Strategy.of(strategy.word())).isEqualTo(strategy);
        }
        assertThat(Strategy.of("random")).isNull();
    }

    @Test
    void shouldNotCountAGoodbyeAsAnAttempt() {
        // Given
        GroupSettings base = GroupSettings.DEFAULT;
        PartitionGroup group = new PartitionGroup(
                base.with(GroupSettings.MAX_DELIVERIES, 2)
                        .with(GroupSettings.BACK_OFF_MS, 0)
                        .with(GroupSettings.BACK_OFF_MAX_MS, 0),
                0);
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
