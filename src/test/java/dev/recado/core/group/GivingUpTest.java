package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that die though nobody has rejected them. */
class GivingUpTest {

    private static final int MEMBER = 1;
    private static final long NOW = 1_000;

    private final List<String> letters = new ArrayList<>();
    private final GroupEffects effects =
            (offset, attempts, reason) -> letters.add(offset + " " + attempts + " " + reason);

    private static PartitionGroup group(Strategy strategy, long end) {
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT.with(GroupSettings.STRATEGY, strategy), 0);
        group.onEnd(end);
        return group;
    }

    private boolean giveUp(PartitionGroup group, long offset, DeathCause cause) {
        return new GivingUp(group).giveUp(offset, cause, effects);
    }

    private static PartitionGroup afterARestart(PartitionGroup group, long end) {
        ByteWriter state = new ByteWriter(256);
        group.writeState(NOW, NOW, state);
        PartitionGroup read = Objects.requireNonNull(PartitionGroup.readState(
                group.settings(), PartitionGroup.FORMAT_VERSION, new ByteReader(state.toByteArray())));
        read.onEnd(end);
        return read;
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldGiveUpWhatNobodyHasSeen(Strategy strategy) {
        // Given
        PartitionGroup group = group(strategy, 3);

        // When
        boolean isGone = giveUp(group, 0, DeathCause.EXPIRED);

        // Then it is unfinished until its letter is stored
        assertThat(isGone).isTrue();
        assertThat(letters).containsExactly("0 0 expired");
        assertThat(new GivingUp(group).cause(0)).isEqualTo(DeathCause.EXPIRED);
        assertThat(group.cursor()).isEqualTo(1);
        assertThat(group.backlog()).isEqualTo(3);
        assertThat(group.ready()).isEqualTo(2);
        group.deadLetterDone(0);
        assertThat(group.floor()).isEqualTo(1);
        assertThat(group.totals().deadLettered()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldGiveUpWhatCameBack(Strategy strategy) {
        // Given
        PartitionGroup group = group(strategy, 3);
        group.join(MEMBER, 1);
        group.assign(group.next(NOW), 7, NOW);
        group.nack(MEMBER, 0, 0, NOW, effects);

        // When
        giveUp(group, 0, DeathCause.MAXLEN);

        // Then
        assertThat(letters).containsExactly("0 1 maxlen");
        assertThat(group.next(NOW)).isEqualTo(1);
    }

    /** Of a key whose member has no room. */
    @Test
    void shouldGiveUpWhatWasPassed() {
        // Given
        PartitionGroup group = group(Strategy.KEY_ORDERED, 3);
        group.join(MEMBER, 1);
        group.assign(group.next(NOW), 7, NOW);
        group.join(MEMBER + 1, 1);
        assertThat(group.next(NOW)).isEqualTo(1);
        assertThat(group.assign(1, 7, NOW)).isEqualTo(PartitionGroup.NONE);

        // When
        giveUp(group, 1, DeathCause.EXPIRED);

        // Then
        assertThat(letters).containsExactly("1 0 expired");
        group.deadLetterDone(1);
        group.ack(MEMBER, 0, 0);
        assertThat(group.next(NOW)).isEqualTo(2);
        assertThat(group.backlog()).isEqualTo(1);
    }

    @Test
    void shouldCountNoDeliveryOverARestart() {
        // Given
        PartitionGroup group = group(Strategy.ROUND_ROBIN, 3);
        giveUp(group, 0, DeathCause.EXPIRED);

        // When
        PartitionGroup again = afterARestart(group, 3);

        // Then it dies once more
        letters.clear();
        assertThat(again.backlog()).isEqualTo(3);
        assertThat(new GroupNeeds(again).firstReadyAgain()).isZero();
        giveUp(again, 0, DeathCause.EXPIRED);
        assertThat(letters).containsExactly("0 0 expired");
    }

    @Test
    void shouldGiveUpNoMoreThanMayBeOnTheirWay() {
        // Given
        int many = 5_000;
        PartitionGroup group = group(Strategy.ROUND_ROBIN, many);
        int gone = 0;
        while (gone < many && giveUp(group, gone, DeathCause.MAXLEN)) {
            gone++;
        }
        assertThat(gone).isEqualTo(2 * PartitionGroup.DYING_MAX);
        assertThat(letters).hasSize(PartitionGroup.DYING_MAX);

        // When
        group.deadLetterDone(0);
        group.onTick(NOW, effects);

        // Then
        assertThat(letters).hasSize(PartitionGroup.DYING_MAX + 1);
        assertThat(giveUp(group, gone, DeathCause.MAXLEN)).isTrue();
    }

    @Test
    void shouldTellWhyAMemberOrTheLimitGaveItUp() {
        // Given
        GroupSettings once = GroupSettings.DEFAULT;
        PartitionGroup group = new PartitionGroup(once.with(GroupSettings.MAX_DELIVERIES, 1), 0);
        group.onEnd(2);
        group.join(MEMBER, 2);
        group.assign(group.next(NOW), 0, NOW);
        group.assign(group.next(NOW), 0, NOW);

        // When
        group.reject(MEMBER, 0, "expired", NOW, effects);
        group.nack(MEMBER, 1, 0, NOW, effects);

        // Then
        assertThat(new GivingUp(group).cause(0)).isEqualTo(DeathCause.REJECTED);
        assertThat(new GivingUp(group).cause(1)).isEqualTo(DeathCause.DELIVERY_LIMIT);
    }
}
