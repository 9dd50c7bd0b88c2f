package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of several levels: see {@link GroupScript} for the conversations. */
class MessageLevelsTest {

    @Test
    void shouldHandOutTheOldestOfTheHighestLevel() {
        GroupScript.play("""
                levels 10
                priorities 0 5 10 5 0 10
                end 6
                join a 9
                deliver | 2>a 5>a 1>a 3>a 0>a 4>a
                show | floor=0 cursor=6 backlog=6 ready=0 leased=6 waiting=0 dying=0 deadline=1000
                """);
    }

    @Test
    void shouldCountWhatIsAboveTheHighestLevelAsThat() {
        GroupScript.play("""
                levels 3
                priorities 3 255 4 2
                end 4
                join a 9
                deliver | 0>a 1>a 2>a 3>a
                """);
    }

    @Test
    void shouldPreferWhatComesLaterAndHigher() {
        GroupScript.play("""
                levels 255
                priorities 0 0 0 64 255 63
                end 3
                join a 2
                deliver | 0>a 1>a
                end 6
                ack a 0-1 | 2
                deliver | 4>a 3>a
                ack a 3-4 | 2
                deliver | 5>a 2>a
                """);
    }

    @Test
    void shouldPutWhatComesBackInItsOldPlace() {
        GroupScript.play("""
                levels 5
                priorities 1 1 1 4 4
                end 5
                join a 3
                deliver | 3>a 4>a 0>a
                nack a 0 | ok
                nack a 4 | ok
                nack a 3 | ok
                deliver | 3>a#2 4>a#2 0>a#2
                nack a 0 | ok
                ack a 3-4 | 2
                deliver | 0>a#3 1>a 2>a
                leave a
                join b 9
                deliver | 0>b#4 1>b#2 2>b#2
                """);
    }

    @Test
    void shouldPutWhatWaitedInItsOldPlace() {
        GroupScript.play("""
                levels 5
                priorities 1 2 1 2
                end 4
                join a 2
                deliver | 1>a 3>a
                nack a 1 500 | ok
                deliver | 0>a
                nack a 3 100 | ok
                tick 100
                deliver | 3>a#2
                ack a 3 | 1
                tick 500
                deliver | 1>a#2
                ack a 0-1 | 2
                deliver | 2>a
                """);
    }

    @Test
    void shouldServePullsByLevel() {
        GroupScript.play("""
                levels 2
                priorities 0 1 2
                end 3
                join a 0
                pull a | 2>a
                pull a | 1>a
                release a 2 | ok
                pull a | 2>a
                pull a | 0>a
                pull a | none
                """);
    }

    @Test
    void shouldDropTheOldestOfTheLowestLevel() {
        GroupScript.play("""
                levels 9
                priorities 3 9 1 1 9
                end 5
                join a 1
                deliver | 1>a
                nack a 1 | ok
                drop | 2
                drop | 3
                drop | 0
                drop | 1
                drop | 4
                drop | -1
                show | floor=5 cursor=5 backlog=0 ready=0 leased=0 waiting=0 dying=0 deadline=never
                """);
    }

    @Test
    void shouldKnowAfterARestartWhatWasDeliveredAndWhatWaits() {
        GroupScript.play("""
                levels 9
                priorities 0 7 3 7 3
                end 5
                join a 3
                deliver | 1>a 3>a 2>a
                ack a 3 | 1
                nack a 1 | ok
                deliver 1 | 1>a#2
                kill
                show | floor=0 cursor=5 backlog=4 ready=4 leased=0 waiting=0 dying=0 deadline=never
                join b 9
                deliver | 1>b#3 2>b#2 4>b 0>b
                """);
    }

    @Test
    void shouldKeepWaitsOverARestart() {
        GroupScript.play("""
                levels 9
                priorities 0 7 3
                end 3
                join a 1
                deliver | 1>a
                nack a 1 400 | ok
                kill
                tick 300
                join b 1
                deliver | 2>b
                tick 100
                ack b 2 | 1
                deliver | 1>b#2
                """);
    }

    @Test
    void shouldHandOutTheLastChanceOfTheHighestLevelFirst() {
        GroupScript.play("""
                group max=2
                levels 9
                priorities 1 5 3
                end 3
                join a 9
                join b 9
                deliver 2 | 1>a 2>b
                nack b 2 | ok
                nack a 1 | ok
                deliver 1 | 1>a#2
                deliver | 2>b#2
                ack a 1 | 1
                deliver | 0>a
                """);
    }

    @Test
    void shouldWaitForItsLastChanceWithoutHoldingUpOthers() {
        GroupScript.play("""
                group max=2
                levels 9
                priorities 5 1 1 6
                end 3
                join a 1
                join b 2
                deliver 2 | 0>a 1>b
                nack a 0 | ok
                deliver | 0>a#2 2>b
                nack b 1 | ok
                end 4
                deliver | 3>b
                drains | b
                ack b 3 | 1
                deliver |
                ack b 2 | 1
                deliver | 1>b#2
                """);
    }

    @Test
    void shouldBeginAnewWhenMovedOrPurged() {
        GroupScript.play("""
                levels 9
                priorities 1 5 3 9
                end 4
                join a 1
                deliver | 3>a
                reset 1
                deliver | 3>a
                ack a 3 | 1
                deliver | 1>a
                log-start 3
                show | floor=4 cursor=4 backlog=0 ready=0 leased=0 waiting=0 dying=0 deadline=never
                deliver |
                """);
    }

    @Test
    void shouldForgetWhatIsFinishedWithoutAHolder() {
        GroupScript.play("""
                levels 9
                priorities 1 5 3 9
                end 4
                finish 1
                finish 3
                join a 9
                deliver | 2>a 0>a
                """);
    }

    @Test
    void shouldLookAtNoMoreLevelsThanItHasMemoryFor() {
        GroupScript.play("""
                held-max 4
                levels 9
                priorities 1 2 1 9
                end 4
                join a 1
                deliver | 1>a
                ack a 1 | 1
                deliver | 0>a
                ack a 0 | 1
                deliver | 3>a
                ack a 3 | 1
                deliver | 2>a
                """);
    }

    @Test
    void shouldHandOutOneByOneBeyondItsMemory() {
        GroupScript.play("""
                held-max 1
                levels 9
                priorities 1 2 1
                end 3
                join a 9
                deliver | 0>a
                deliver |
                ack a 0 | 1
                deliver | 1>a
                """);
    }

    @Test
    void shouldHandOutNothingOfWhichTheLevelIsUnknown() {
        // Given
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
        MessageLevels levels = new MessageLevels(group, 5);
        group.join(0, 9);
        group.join(1, 0);
        group.onEnd(2);
        levels.tell(levels.nextUnknown(), 5, 10);
        GroupNeeds needs = new GroupNeeds(group);
        // When
        long next = group.next(0);
        long pulled = group.pull(1, 0);
        // Then
        assertThat(next).isEqualTo(PartitionGroup.NONE);
        assertThat(pulled).isEqualTo(PartitionGroup.NONE);
        levels.tell(levels.nextUnknown(), 1, 10);
        assertThat(group.next(0)).isZero();
        assertThat(needs.levelFrom(0)).isEqualTo(1);
        assertThat(needs.levelFrom(2)).isEqualTo(5);
        assertThat(needs.levelFrom(6)).isEqualTo(-1);
        assertThat(needs.firstOf(5)).isZero();
    }

    @Test
    void shouldCountBytesThatWaitApartFromThoseInHand() {
        // Given
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
        GroupNeeds needs = new GroupNeeds(group);
        MessageLevels levels = new MessageLevels(group, 5);
        group.join(0, 9);
        group.onEnd(2);
        levels.tell(0, 5, 10);
        levels.tell(1, 4, 10);
        // When
        group.assign(group.next(0), 0, 0);
        needs.handed(0, 10);
        // Then
        assertThat(needs.inHandBytes()).isEqualTo(20);
        assertThat(needs.waitingBytes()).isEqualTo(10);
        assertThat(needs.isFresh(1)).isTrue();
        assertThat(needs.isFresh(0)).isFalse();
        assertThat(needs.hasLevels()).isTrue();
    }

    @Test
    void shouldTakeWhatIsGivenUpOutOfItsLevel() {
        // Given three that wait, and one of which no level is known yet
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
        MessageLevels levels = new MessageLevels(group, 9);
        GroupNeeds needs = new GroupNeeds(group);
        GivingUp givingUp = new GivingUp(group);
        List<Long> letters = new ArrayList<>();
        GroupEffects effects = (offset, attempts, reason) -> letters.add(offset);
        group.onEnd(4);
        group.join(1, 9);
        levels.tell(0, 5, 10);
        levels.tell(1, 9, 10);
        levels.tell(2, 0, 10);
        // When
        givingUp.giveUp(1, DeathCause.EXPIRED, effects);
        givingUp.giveUp(needs.oldestReady(), DeathCause.MAXLEN, effects);
        givingUp.giveUp(3, DeathCause.EXPIRED, effects);
        levels.tell(3, 9, 10);
        // Then
        assertThat(letters).containsExactly(1L, 2L, 3L);
        assertThat(levels.nextUnknown()).isEqualTo(PartitionGroup.NONE);
        assertThat(needs.firstOf(9)).isEqualTo(PartitionGroup.NONE);
        assertThat(needs.levelFrom(0)).isEqualTo(5);
        assertThat(group.ready()).isEqualTo(1);
        assertThat(group.next(0)).isZero();
        assertThat(group.assign(0, 0, 0)).isEqualTo(1);
        assertThat(group.next(0)).isEqualTo(PartitionGroup.NONE);
        letters.forEach(group::deadLetterDone);
        group.ack(1, 0, 0);
        assertThat(group.floor()).isEqualTo(4);
        assertThat(needs.inHandBytes()).isZero();
    }

    @Test
    void shouldTakeWhatCameBackAndIsGivenUpOutOfItsLevel() {
        // Given one that came back, put aside since its next delivery is its last
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT.with(GroupSettings.MAX_DELIVERIES, 2), 0);
        MessageLevels levels = new MessageLevels(group, 9);
        GroupNeeds needs = new GroupNeeds(group);
        GroupEffects effects = (offset, attempts, reason) -> {};
        group.onEnd(2);
        group.join(1, 1);
        levels.tell(0, 5, 10);
        levels.tell(1, 9, 10);
        group.assign(group.next(0), 0, 0);
        group.nack(1, 1, 0, 0, effects);
        assertThat(group.next(0)).isEqualTo(1);
        // When
        new GivingUp(group).giveUp(1, DeathCause.EXPIRED, effects);
        // Then
        assertThat(needs.firstOf(9)).isEqualTo(PartitionGroup.NONE);
        assertThat(group.next(0)).isZero();
        group.deadLetterDone(1);
        assertThat(group.backlog()).isEqualTo(1);
    }

    @Test
    void shouldGoByKeysWhereTheGroupIsKeyOrdered() {
        GroupScript.play("""
                group strategy=key-ordered
                levels 9
                priorities 1 5 3
                keys x y x
                end 3
                join a 9
                deliver | 0>a 1>a 2>a
                nack a 1 | ok
                alter strategy=round-robin
                nack a 0 | ok
                nack a 2 | ok
                deliver | 1>a#2 2>a#2 0>a#2
                """);
    }
}
