package dev.recado.core.group;

import org.junit.jupiter.api.Test;

/** A member that is handed nothing more and keeps what it holds: see {@link GroupScript} for the conversations. */
class CeasedMemberTest {

    @Test
    void shouldHandNothingMoreToAMemberThatHasCeased() {
        GroupScript.play("""
                join a 5
                join b 5
                end 2
                deliver | 0>a 1>b
                cease a
                members | 1
                end 4
                deliver | 2>b 3>b
                """);
    }

    @Test
    void shouldLeaveItWhatItHolds() {
        GroupScript.play("""
                join a 9
                end 6
                deliver | 0>a 1>a 2>a 3>a 4>a 5>a
                cease a
                members | 0
                ack a 0 | 1
                ack a 1-2 | 2
                nack a 3 | ok
                reject a 4 bad | ok dead 4 x1 bad
                extend a 5 5000 | ok
                tick 4000
                show | floor=3 cursor=6 backlog=3 ready=1 leased=1 waiting=0 dying=1 deadline=5000
                deliver
                join b 9
                deliver | 3>b#2
                """);
    }

    @Test
    void shouldReturnTheRestWhenItLeaves() {
        GroupScript.play("""
                join a 9
                join b 9
                end 4
                deliver | 0>a 1>b 2>a 3>b
                cease a
                ack a 0 | 1
                quit a
                deliver | 2>b#2
                join a 9
                end 6
                deliver | 4>a 5>b
                """);
    }

    @Test
    void shouldReturnWhatItLetsEnd() {
        GroupScript.play("""
                join a 9
                join b 9
                end 2
                deliver | 0>a 1>b
                cease a
                ack b 1 | 1
                tick 1000
                silent
                deliver | 0>b#2
                ack a 0 | 0
                """);
    }

    @Test
    void shouldPassTheActiveRoleOnAtOnce() {
        GroupScript.play("""
                group strategy=single-active
                join a 9
                join b 9
                join c 9
                end 2
                deliver | 0>a 1>a
                cease a
                end 3
                deliver | 2>b
                cease b
                end 4
                deliver | 3>c
                ack a 0-1 | 2
                """);
    }

    @Test
    void shouldKeepAKeyWhileSomethingOfItIsHeld() {
        GroupScript.play("""
                group strategy=key-ordered
                keys k k k k
                join a 9
                join b 9
                end 2
                deliver | 0>b 1>b
                cease b
                end 4
                deliver
                ack b 0 | 1
                deliver
                ack b 1 | 1
                deliver | 2>a 3>a
                """);
    }

    @Test
    void shouldServeASilentMemberThatIsLeftAlone() {
        GroupScript.play("""
                join a 9
                join b 1
                end 2
                deliver | 0>a 1>b
                ack a 0 | 1
                tick 1000
                silent | b
                cease a
                deliver | 1>b#2
                """);
    }

    @Test
    void shouldNotBeHandedWhatGoesAlone() {
        GroupScript.play("""
                group max=2
                join a 9
                join b 9
                end 1
                deliver | 0>a
                nack a 0 | ok
                cease b
                deliver | 0>a#2
                """);
    }

    @Test
    void shouldHaveNobodyDrainWhoHasCeased() {
        GroupScript.play("""
                group max=2
                join a 2
                join b 2
                end 3
                deliver | 0>a 1>b 2>a
                nack b 1 | ok
                reserve b
                deliver
                drains | a
                cease a
                drains
                release-member b
                deliver | 1>b#2
                """);
    }

    @Test
    void shouldGetNothingByAPull() {
        GroupScript.play("""
                join a 0
                end 2
                pull a | 0>a
                cease a
                pull a | none
                ack a 0 | 1
                """);
    }

    @Test
    void shouldForgetWhatItHoldsWhenTheGroupMoves() {
        GroupScript.play("""
                join a 9
                join b 9
                end 2
                deliver | 0>a 1>b
                cease a
                reset 0
                ack a 0 | 0
                deliver | 0>b 1>b
                quit a
                deliver
                """);
    }

    @Test
    void shouldTakeCreditAndPausesOfAMemberThatHasCeased() {
        GroupScript.play("""
                join a 1
                join b 1
                end 3
                deliver | 0>a 1>b
                cease a
                cease a
                credit a 9 | 0
                pause a
                resume a
                grant a
                reserve a
                release-member a
                deliver
                ack b 1 | 1
                deliver | 2>b
                """);
    }
}
