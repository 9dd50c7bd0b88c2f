package dev.recado.core.group;

import org.junit.jupiter.api.Test;

/** The rules of a group, as conversations: see {@link GroupScript}. Those of leases are in {@link LeaseTest}. */
class PartitionGroupTest {

    @Test
    void shouldRotateMessageByMessage() {
        GroupScript.play("""
                join a 9
                join b 9
                join c 9
                end 7
                deliver | 0>a 1>b 2>c 3>a 4>b 5>c 6>a
                ack b 0-6 | 2
                ack a 0-6 | 3
                show | floor=2 cursor=7 backlog=2 ready=0 leased=2 waiting=0 dying=0 deadline=1000
                ack c 2 | 1
                ack c 5 | 1
                show | floor=7 cursor=7 backlog=0 ready=0 leased=0 waiting=0 dying=0 deadline=never
                """);
    }

    @Test
    void shouldSkipMembersWithoutRoomAndGoOnWithTheNextInTurn() {
        GroupScript.play("""
                join a 1
                join b 2
                join c 3
                end 9
                deliver | 0>a 1>b 2>c 3>b 4>c 5>c
                ack a 0 | 1
                deliver | 6>a
                pause b
                ack b 1-3 | 2
                deliver
                resume b
                deliver | 7>b 8>b
                """);
    }

    @Test
    void shouldKeepTheTurnOfAFullMemberThatFellBehind() {
        GroupScript.play("""
                join a 2
                join b 2
                end 20
                deliver | 0>a 1>b 2>a 3>b
                ack a 0-2 | 2
                deliver | 4>a 5>a
                ack a 4-5 | 2
                deliver | 6>a
                show | floor=1 cursor=7 backlog=16 ready=13 leased=3 waiting=0 dying=0 deadline=20
                tick 10
                ack b 1 | 1
                deliver | 7>b 8>a
                """);
    }

    @Test
    void shouldNotWaitTwiceForTheSameDelivery() {
        GroupScript.play("""
                join a 2
                join b 2
                end 20
                deliver | 0>a 1>b 2>a 3>b
                ack a 0-2 | 2
                deliver | 4>a 5>a
                ack a 4-5 | 2
                deliver | 6>a
                tick 20
                deliver | 7>a
                tick 400
                ack a 6-7 | 2
                deliver | 8>a 9>a
                ack b 1 | 1
                deliver | 10>b
                ack a 8-9 | 2
                deliver | 11>a
                """);
    }

    @Test
    void shouldNotKeepTheTurnOfAMemberWithLessCredit() {
        GroupScript.play("""
                join a 3
                join b 1
                end 4
                deliver | 0>a 1>b 2>a 3>a
                """);
    }

    @Test
    void shouldPreferTheMemberWithTheFewestInFlight() {
        GroupScript.play("""
                group strategy=least-in-flight
                join a 5
                join b 5
                join c 5
                end 12
                deliver 6 | 0>a 1>b 2>c 3>a 4>b 5>c
                ack b 0-9 | 2
                ack c 5 | 1
                deliver 3 | 6>b 7>c 8>b
                """);
    }

    @Test
    void shouldGiveEverythingToTheMemberThatJoinedFirst() {
        GroupScript.play("""
                group strategy=single-active
                join a 2
                join b 5
                end 9
                deliver | 0>a 1>a
                pull b | none
                ack a 0 | 1
                deliver | 2>a
                leave a
                deliver | 1>b#2 2>b#2 3>b 4>b 5>b
                """);
    }

    @Test
    void shouldRedeliverInOffsetOrderBeforeTheCursor() {
        GroupScript.play("""
                join a 4
                end 6
                deliver | 0>a 1>a 2>a 3>a
                nack a 3 0 | ok
                nack a 1 0 | ok
                deliver | 1>a#2 3>a#2
                ack a 0-3 | 4
                deliver | 4>a 5>a
                """);
    }

    @Test
    void shouldDeadLetterAfterTheLastDelivery() {
        GroupScript.play("""
                group max=2 lease=1000
                join a 2
                end 2
                deliver | 0>a 1>a
                nack a 0 | ok
                tick 1000
                deliver | 0>a#2
                nack a 0 | ok dead 0 x2 max-deliveries
                deliver | 1>a#2
                leave a | dead 1 x2 max-deliveries
                show | floor=0 cursor=2 backlog=2 ready=0 leased=0 waiting=0 dying=2 deadline=never
                dead-done 1
                dead-refused 0
                show | floor=0 cursor=2 backlog=1 ready=0 leased=0 waiting=0 dying=1 deadline=1100
                tick 100 | dead 0 x2 max-deliveries
                dead-refused 0
                tick 199
                tick 1 | dead 0 x2 max-deliveries
                dead-done 0
                show | floor=2 cursor=2 backlog=0 ready=0 leased=0 waiting=0 dying=0 deadline=never
                """);
    }

    @Test
    void shouldNotCountNacksWhereTheGroupSaysSo() {
        GroupScript.play("""
                group max=2 nack-counts=false lease=1000
                join a 1
                end 1
                deliver | 0>a
                nack a 0 | ok
                deliver | 0>a#2
                nack a 0 | ok
                deliver | 0>a#3
                tick 1000
                deliver | 0>a#4
                tick 1000 | dead 0 x4 max-deliveries
                """);
    }

    @Test
    void shouldDeadLetterAtOnceWhenRejected() {
        GroupScript.play("""
                join a 2
                end 2
                deliver | 0>a 1>a
                reject a 0 broken | ok dead 0 x1 broken
                reject a 0 broken | ignored
                deliver
                ack a 0-1 | 1
                show | floor=0 cursor=2 backlog=1 ready=0 leased=0 waiting=0 dying=1 deadline=never
                """);
    }

    @Test
    void shouldFinishWhatNobodyWantsDead() {
        GroupScript.play("""
                group dead= max=1
                join a 2
                end 2
                deliver | 0>a 1>a
                reject a 0 broken | ok
                nack a 1 | ok
                show | floor=2 cursor=2 backlog=0 ready=0 leased=0 waiting=0 dying=0 deadline=never
                """);
    }

    @Test
    void shouldNotCountWhatWasReleased() {
        GroupScript.play("""
                group max=1
                join a 2
                end 1
                deliver | 0>a
                release a 0 | ok
                release a 0 | ignored
                deliver | 0>a
                nack a 0 | ok dead 0 x1 max-deliveries
                """);
    }

    @Test
    void shouldIgnoreAcksOfWhatOthersHold() {
        GroupScript.play("""
                join a 3
                join b 3
                end 6
                deliver | 0>a 1>b 2>a 3>b 4>a 5>b
                ack b 0 | 0
                ack a 0-3 | 2
                ack a 0-3 | 0
                nack b 2 | ignored
                ack b 0-9223372036854775806 | 3
                show | floor=4 cursor=6 backlog=1 ready=0 leased=1 waiting=0 dying=0 deadline=1000
                """);
    }

    @Test
    void shouldRevokeUnusedCreditOnly() {
        GroupScript.play("""
                join a 5
                end 3
                deliver | 0>a 1>a 2>a
                credit a -4 | 2
                credit a -4 | 0
                end 9
                ack a 0-1 | 2
                credit a -1 | 1
                deliver | 3>a
                """);
    }

    @Test
    void shouldAnswerPullsWithoutCredit() {
        GroupScript.play("""
                join a 0
                end 2
                deliver
                pull a | 0>a
                pull a | 1>a
                pull a | none
                nack a 0 | ok
                pull a | 0>a#2
                pause a
                nack a 0 | ok
                pull a | none
                pull b | none
                """);
    }

    @Test
    void shouldFinishWithoutHolder() {
        GroupScript.play("""
                group lease=1000
                join a 3
                end 9
                deliver | 0>a 1>a 2>a
                finish 1
                finish 3
                finish 5
                deliver | 4>a
                ack a 1 | 0
                finish-below 3
                show | floor=4 cursor=6 backlog=4 ready=3 leased=1 waiting=0 dying=0 deadline=1000
                deliver | 6>a 7>a
                log-start 12
                show | floor=12 cursor=12 backlog=0 ready=0 leased=0 waiting=0 dying=0 deadline=never
                ack a 0-20 | 0
                end 13
                deliver | 12>a
                """);
    }

    @Test
    void shouldDropTheOldestReadyMessage() {
        GroupScript.play("""
                join a 2
                end 5
                deliver | 0>a 1>a
                drop | 2
                nack a 1 0 | ok
                drop | 1
                nack a 0 50 | ok
                drop | 3
                drop | 4
                drop | -1
                show | floor=0 cursor=5 backlog=1 ready=0 leased=0 waiting=1 dying=0 deadline=50
                """);
    }

    @Test
    void shouldMoveTheWholeGroupOnReset() {
        GroupScript.play("""
                group max=1
                join a 3
                end 9
                deliver | 0>a 1>a 2>a
                ack a 1 | 1
                reject a 0 bad | ok dead 0 x1 bad
                reset 0
                dead-done 0
                ack a 2 | 0
                deliver | 0>a 1>a 2>a
                reset 7
                deliver | 7>a 8>a
                """);
    }

    @Test
    void shouldRedeliverWhatWasHandedOutBeforeARestart() {
        GroupScript.play("""
                group back-off=1000
                join a 6
                end 9
                deliver | 0>a 1>a 2>a 3>a 4>a 5>a
                ack a 1-2 | 2
                nack a 3 0 | ok
                deliver 1 | 3>a#2
                nack a 4 | ok
                tick 300
                kill
                show | floor=0 cursor=6 backlog=7 ready=6 leased=0 waiting=1 dying=0 deadline=1000
                join b 9
                deliver | 0>b#2 3>b#3 5>b#2 6>b 7>b 8>b
                tick 699
                deliver
                tick 1
                deliver | 4>b#2
                """);
    }

    @Test
    void shouldNotWaitAnewAfterEachRestart() {
        GroupScript.play("""
                group
                join a 6
                end 1
                deliver | 0>a
                nack a 0 3600000 | ok
                kill
                tick 1800000
                kill
                tick 1799999
                join b 1
                deliver
                tick 1
                kill
                show | floor=0 cursor=1 backlog=1 ready=1 leased=0 waiting=0 dying=0 deadline=never
                join b 1
                deliver | 0>b#2
                """);
    }

    @Test
    void shouldKeepTheOrderOfAKeyThatWaitsOverARestart() {
        GroupScript.play("""
                group strategy=key-ordered lease=5000
                keys k k other
                join a 6
                end 3
                deliver | 0>a 1>a 2>a
                nack a 0 1000 | ok
                kill
                join b 6
                deliver | 2>b#2
                tick 1000
                deliver | 0>b#2 1>b#2
                """);
    }

    @Test
    void shouldNameTheSameOffsetUntilItIsDealtWith() {
        GroupScript.play("""
                join a 1
                end 2
                deliver 0
                deliver 0
                show | floor=0 cursor=0 backlog=2 ready=2 leased=0 waiting=0 dying=0 deadline=never
                deliver | 0>a
                """);
    }
}
