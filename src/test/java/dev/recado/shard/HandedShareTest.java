package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandedShareTest {

    private static final int MIB = 1 << 20;
    private static final byte[] LARGE = new byte[16 * MIB];
    private static final byte[] HELD = new byte[20 * MIB];

    private final HandedShare.Large large = new HandedShare.Large(20 * MIB);
    private final HandedShare here = new HandedShare(10 * MIB, large);
    private final HandedShare there = new HandedShare(10 * MIB, large);
    private final List<String> woken = new ArrayList<>();
    private final Runnable group = this::wakeGroup;

    private void wakeGroup() {
        woken.add("group");
    }

    @Test
    void shouldBoundLargeMessagesOfAllLoops() {
        assertThat(here.mayHand(new byte[15 * MIB], 15 * MIB, group)).isTrue();
        here.add(15 * MIB);
        assertThat(there.mayHand(new byte[6 * MIB], 6 * MIB, group)).isFalse();
        assertThat(there.mayHand(new byte[5 * MIB], 5 * MIB, group)).isTrue();
        assertThat(there.isWanted()).isTrue();
    }

    @Test
    void shouldHandOutOneThatIsLargerThanTheBound() {
        assertThat(here.mayHand(new byte[30 * MIB], 30 * MIB, group)).isTrue();
        assertThat(there.mayHand(new byte[MIB], MIB, group)).isFalse();
    }

    @Test
    void shouldNeverKeepSmallOnesWaiting() {
        assertThat(here.mayHand(new byte[30 * MIB], 30 * MIB, group)).isTrue();
        assertThat(here.mayHand(new byte[HandedShare.LARGE_MESSAGE_BYTES], HandedShare.LARGE_MESSAGE_BYTES, group))
                .isTrue();
        assertThat(here.isWanted()).isFalse();
    }

    @Test
    void shouldWakeWhoWaitsOnceThereIsRoom() {
        assertThat(here.mayHand(HELD, 20 * MIB, group)).isTrue();
        here.add(20 * MIB);
        assertThat(here.mayHand(new byte[MIB], MIB, group)).isFalse();
        assertThat(there.mayHand(new byte[MIB], MIB, () -> woken.add("there"))).isFalse();
        there.onTick();
        assertThat(woken).isEmpty();
        here.remove(20 * MIB);
        here.letGo(HELD);
        assertThat(woken).containsExactly("group");
        there.onTick();
        assertThat(woken).containsExactly("group", "there");
        here.onTick();
        there.onTick();
        assertThat(here.isWanted() || there.isWanted()).isFalse();
    }

    @Test
    void shouldHaveHoldersOnEveryLoopKnowThatSomebodyWaits() {
        assertThat(here.mayHand(HELD, 20 * MIB, group)).isTrue();
        assertThat(here.isWanted()).isFalse();
        assertThat(there.mayHand(new byte[MIB], MIB, () -> {})).isFalse();
        for (int tick = 0; tick < 3; tick++) {
            here.onTick();
            assertThat(here.isWanted()).isTrue();
            there.onTick();
            assertThat(here.isWanted()).isTrue();
        }
    }

    @Test
    void shouldWantUntilTheNextTickWhatWhoWasWokenMayWantAgain() {
        byte[] most = new byte[15 * MIB];
        assertThat(here.mayHand(most, 15 * MIB, group)).isTrue();
        assertThat(there.mayHand(LARGE, 16 * MIB, () -> woken.add("there"))).isFalse();
        there.onTick();
        assertThat(woken).containsExactly("there");
        assertThat(here.isWanted()).isTrue();
        assertThat(there.mayHand(LARGE, 16 * MIB, () -> woken.add("there"))).isFalse();
        there.onTick();
        assertThat(here.isWanted()).isTrue();
        there.onTick();
        assertThat(here.isWanted()).isFalse();
    }

    @Test
    void shouldCountWhatSeveralMembersAreHandedOnce() {
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        assertThat(there.mayHand(LARGE, 16 * MIB, group)).isTrue();
        assertThat(here.mayHand(new byte[5 * MIB], 5 * MIB, group)).isFalse();
        here.letGo(LARGE);
        assertThat(here.mayHand(new byte[5 * MIB], 5 * MIB, group)).isFalse();
        there.letGo(LARGE);
        assertThat(here.mayHand(new byte[5 * MIB], 5 * MIB, group)).isTrue();
    }

    @Test
    void shouldTakeBackWhatWentToNobody() {
        assertThat(here.mayHand(HELD, 20 * MIB, group)).isTrue();
        here.handBack(HELD, 20 * MIB);
        assertThat(there.mayHand(new byte[20 * MIB], 20 * MIB, group)).isTrue();
    }

    @Test
    void shouldGiveMembersLessWhereTheLoopsPartIsUsedUp() {
        assertThat(here.ofMember(MIB)).isEqualTo(MIB);
        here.add(10 * MIB + 1);
        assertThat(here.ofMember(MIB)).isEqualTo(64 * 1024);
        here.remove(MIB);
        assertThat(here.ofMember(MIB)).isEqualTo(MIB);
    }

    @Test
    void shouldEndAMemberThatDoesNotTakeWhatOthersWaitFor() {
        Member member = new Member(null, null, MemberTraits.usual(1), 0, 1, here);
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        member.onHanded(LARGE, 16 * MIB, MIB);
        assertThat(member.isInTheWay(0)).isFalse();
        assertThat(here.mayHand(new byte[16 * MIB], 16 * MIB, group)).isFalse();
        assertThat(member.isInTheWay(1_000)).isFalse();
        assertThat(member.isInTheWay(20_900)).isFalse();
        assertThat(member.isInTheWay(21_000)).as("5 s, and 16 MiB at 1 MiB/s").isTrue();
        member.end();
        assertThat(woken).containsExactly("group");
        assertThat(here.bytes()).isZero();
    }

    @Test
    void shouldEndAMemberThatHasLongTakenNothingAsSoonAsOthersWait() {
        Member member = new Member(null, null, MemberTraits.usual(1), 0, 1, here);
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        member.onHanded(LARGE, 16 * MIB, MIB);
        assertThat(member.isInTheWay(0)).isFalse();
        assertThat(member.isInTheWay(60_000)).as("nobody waits").isFalse();
        assertThat(here.mayHand(new byte[16 * MIB], 16 * MIB, group)).isFalse();
        assertThat(member.isInTheWay(60_050)).isTrue();
    }

    @Test
    void shouldGiveAMemberItsTimeAnewOnceItHasTakenWhatItHeld() {
        Member member = new Member(null, null, MemberTraits.usual(1), 0, 1, here);
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        member.onHanded(LARGE, 16 * MIB, MIB);
        assertThat(member.isInTheWay(0)).isFalse();
        member.onWritten(16 * MIB, MIB);
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        member.onHanded(LARGE, 16 * MIB, MIB);
        assertThat(here.mayHand(new byte[16 * MIB], 16 * MIB, group)).isFalse();
        assertThat(member.isInTheWay(21_000)).isFalse();
        assertThat(member.isInTheWay(41_900)).isFalse();
        assertThat(member.isInTheWay(42_000)).isTrue();
    }

    @Test
    void shouldKeepAMemberThatTakesItInTime() {
        Member member = new Member(null, null, MemberTraits.usual(1), 0, 1, here);
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        member.onHanded(LARGE, 16 * MIB, MIB);
        assertThat(here.mayHand(new byte[16 * MIB], 16 * MIB, group)).isFalse();
        assertThat(member.isInTheWay(1_000)).isFalse();
        member.onWritten(16 * MIB, MIB);
        assertThat(here.mayHand(LARGE, 16 * MIB, group)).isTrue();
        member.onHanded(LARGE, 16 * MIB, MIB);
        assertThat(here.mayHand(new byte[16 * MIB], 16 * MIB, group)).isFalse();
        assertThat(member.isInTheWay(30_000)).isFalse();
    }
}
