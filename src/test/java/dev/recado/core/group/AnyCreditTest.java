package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A member that may hold any number of messages. */
class AnyCreditTest {

    private static final int ANY = Integer.MAX_VALUE;

    @Test
    void shouldHoldWhatThereIs() {
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
        group.join(0, 0);
        group.addCredit(0, ANY);
        group.addCredit(0, ANY);
        group.onEnd(100_000);

        // When
        int handed = handOut(group);

        // Then
        assertThat(handed).isEqualTo(100_000);
        assertThat(group.credit(0)).isEqualTo(ANY);
        assertThat(group.freeCredit(0)).isEqualTo(ANY - 100_000);
        assertThat(group.ack(0, 0, 99_999)).isEqualTo(100_000);
        assertThat(group.freeCredit(0)).isEqualTo(ANY);
    }

    @Test
    void shouldHoldNoMoreThanTheMemoryOfTheGroupAllows() {
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
        GroupNeeds needs = new GroupNeeds(group);
        needs.holdAtMost(80_000);
        group.join(0, ANY);
        group.onEnd(100_000);

        // When
        int handed = handOut(group);

        // Then
        assertThat(handed).isBetween(900, 1_000);
        assertThat(needs.isHeldBack()).isTrue();
        group.ack(0, 0, 99);
        assertThat(handOut(group)).isBetween(90, 110);
    }

    @Test
    void shouldBeWaitedForByNobody() {
        GroupScript.play("""
                join a 2147483647
                join b 1
                end 6
                deliver | 0>a 1>b 2>a 3>a 4>a 5>a
                """);
    }

    private static int handOut(PartitionGroup group) {
        int handed = 0;
        for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
            assertThat(group.assign(offset, 0, 0)).isZero();
            handed++;
        }
        return handed;
    }
}
