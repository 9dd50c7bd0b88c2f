package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group finishes all that nobody holds. */
class DropUnheldTest {

    private static final int MEMBER = 1;
    private static final long NOW = 1_000;

    private final List<Long> letters = new ArrayList<>();
    private final GroupEffects effects = (offset, attempts, reason) -> letters.add(offset);

    private static PartitionGroup group(Strategy strategy, long end) {
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT.with(GroupSettings.STRATEGY, strategy), 0);
        group.onEnd(end);
        return group;
    }

    private static void handOut(PartitionGroup group, int count) {
        for (int i = 0; i < count; i++) {
            long offset = group.next(NOW);
            assertThat(group.assign(offset, (int) offset, NOW)).isEqualTo(MEMBER);
        }
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldFinishWhatIsReadyAndWhatWaits(Strategy strategy) {
        // Given 0 waits, 1 is held, 2 came back, 3 is a letter, 4 is held, 5 to 9 are new
        PartitionGroup group = group(strategy, 10);
        group.join(MEMBER, 5);
        handOut(group, 5);
        group.nack(MEMBER, 0, 60_000, NOW, effects);
        group.nack(MEMBER, 2, 0, NOW, effects);
        group.reject(MEMBER, 3, "bad", NOW, effects);

        // When
        long dropped = new GroupNeeds(group).dropUnheld();

        // Then
        assertThat(dropped).isEqualTo(7);
        assertThat(letters).containsExactly(3L);
        assertThat(group.backlog()).isEqualTo(3);
        assertThat(group.ready()).isZero();
        assertThat(group.waiting()).isZero();
        assertThat(group.floor()).isEqualTo(1);
        assertThat(group.next(NOW + 100_000)).isEqualTo(PartitionGroup.NONE);
        assertThat(group.ack(MEMBER, 0, 9)).isEqualTo(2);
        group.deadLetterDone(3);
        assertThat(group.floor()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldFinishAllWhereNobodyHoldsAnything(Strategy strategy) {
        // Given
        PartitionGroup group = group(strategy, 10);

        // When
        long dropped = new GroupNeeds(group).dropUnheld();
        long again = new GroupNeeds(group).dropUnheld();

        // Then
        assertThat(dropped).isEqualTo(10);
        assertThat(again).isZero();
        assertThat(group.floor()).isEqualTo(10);
    }

    /** Whatever was done before: what is left is what is held, and the log is told of it. */
    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldLeaveWhatIsHeldAndNothingElse(Strategy strategy) {
        for (int seed = 0; seed < 200; seed++) {
            // Given
            Random random = new Random(seed);
            PartitionGroup group = group(strategy, 40);
            group.join(MEMBER, 20);
            handOut(group, 20);
            for (int step = 0; step < 30; step++) {
                long offset = random.nextInt(20);
                switch (random.nextInt(4)) {
                    case 0 -> group.nack(MEMBER, offset, 0, NOW, effects);
                    case 1 -> group.nack(MEMBER, offset, 1 + random.nextInt(1_000), NOW, effects);
                    case 2 -> group.reject(MEMBER, offset, "bad", NOW, effects);
                    default -> group.ack(MEMBER, offset, offset + random.nextInt(3));
                }
            }
            long before = group.backlog();
            long kept = (long) group.leased() + group.deadLettering();

            // When
            long dropped = new GroupNeeds(group).dropUnheld();

            // Then
            assertThat(dropped).as("seed %s", seed).isEqualTo(before - kept);
            assertThat(group.backlog()).isEqualTo(kept);
            assertThat(group.ready() + group.waiting()).isZero();
            ByteWriter state = new ByteWriter(256);
            group.writeState(NOW, NOW, state);
            PartitionGroup read = Objects.requireNonNull(PartitionGroup.readState(
                    group.settings(), PartitionGroup.FORMAT_VERSION, new ByteReader(state.toByteArray())));
            read.onEnd(40);
            assertThat(read.backlog()).isEqualTo(kept);
        }
    }
}
