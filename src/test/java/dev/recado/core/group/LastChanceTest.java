package dev.recado.core.group;

import org.junit.jupiter.api.Test;

/** The last delivery that a message may have, and what counts as one: see {@link GroupScript}. */
class LastChanceTest {

    @Test
    void shouldHandOutALastChanceAlone() {
        GroupScript.play("""
                group max=2
                join a 9
                end 5
                deliver | 0>a 1>a 2>a 3>a 4>a
                leave a
                join b 9
                deliver | 0>b#2
                end 6
                deliver
                ack b 0 | 1
                deliver | 1>b#2
                leave b | dead 1 x2 max-deliveries
                join c 9
                deliver | 2>c#2
                ack c 2 | 1
                deliver | 3>c#2
                ack c 3 | 1
                deliver | 4>c#2
                ack c 4 | 1
                deliver | 5>c
                """);
    }

    @Test
    void shouldLetOneMemberDrainForItWhileOthersGoOn() {
        GroupScript.play("""
                group max=2
                join a 3
                join b 3
                end 3
                deliver | 0>a 1>b 2>a
                nack b 1 | ok
                end 9
                deliver | 1>b#2 3>a
                ack b 1 | 1
                deliver | 4>b 5>b 6>b
                nack a 0 | ok
                deliver
                ack b 4 | 1
                deliver | 7>b
                ack a 2 | 1
                deliver
                ack a 3 | 1
                deliver | 0>a#2
                end 10
                ack b 5-7 | 3
                deliver | 8>b 9>b
                ack a 0 | 1
                end 11
                deliver | 10>a
                """);
    }

    @Test
    void shouldPreferForItTheMemberThatWasHeardOfLast() {
        GroupScript.play("""
                group max=2
                join a 9
                join b 9
                join c 9
                end 3
                deliver | 0>a 1>b 2>c
                ack a 0 | 1
                ack b 1 | 1
                leave c
                deliver | 2>b#2
                """);
    }

    @Test
    void shouldHandItOutAloneToTheActiveMember() {
        GroupScript.play("""
                group strategy=single-active max=2
                join a 9
                join b 9
                end 2
                deliver | 0>a 1>a
                nack a 0 | ok
                end 3
                deliver
                ack a 1 | 1
                deliver | 0>a#2
                ack a 0 | 1
                deliver | 2>a
                """);
    }

    @Test
    void shouldKeepTheOrderOfAKeyBehindIt() {
        GroupScript.play("""
                group strategy=key-ordered max=2
                keys u u y y u y y
                join a 9
                join b 9
                end 3
                deliver | 0>b 1>b 2>a
                nack b 0 | ok
                end 6
                deliver | 3>a 5>a
                ack b 1 | 1
                deliver | 0>b#2
                end 7
                deliver | 6>a
                ack b 0 | 1
                deliver | 4>b
                """);
    }

    @Test
    void shouldLetAPullingMemberFinishFirst() {
        GroupScript.play("""
                group max=2
                join a 0
                end 3
                pull a | 0>a
                nack a 0 | ok
                pull a | 0>a#2
                pull a | none
                ack a 0 | 1
                pull a | 1>a
                nack a 1 | ok
                pull a | 1>a#2
                """);
    }

    @Test
    void shouldNotKeepMessagesApartThatMayBeDeliveredOnceOnly() {
        GroupScript.play("""
                group max=1
                join a 9
                end 3
                deliver | 0>a 1>a 2>a
                quit a
                join b 9
                deliver | 0>b#2 1>b#2 2>b#2
                """);
    }

    @Test
    void shouldLookAgainWhatGoesAloneWhenTheLimitIsRaised() {
        GroupScript.play("""
                group max=2
                join a 9
                end 2
                deliver | 0>a 1>a
                leave a
                join b 9
                deliver | 0>b#2
                alter max=3
                ack b 0 | 1
                end 4
                deliver | 1>b#2 2>b 3>b
                """);
    }

    @Test
    void shouldGiveUpWhatHadMoreDeliveriesThanALowerLimitAllows() {
        GroupScript.play("""
                group max=0
                join a 3
                end 3
                deliver | 0>a 1>a 2>a
                nack a 0 500 | ok
                nack a 1 | ok
                deliver | 1>a#2
                nack a 1 | ok
                alter max=1 | dead 0 x1 max-deliveries, dead 1 x2 max-deliveries
                deliver
                quit a
                show | floor=0 cursor=3 backlog=3 ready=1 leased=0 waiting=0 dying=2 deadline=never
                """);
    }

    @Test
    void shouldGiveUpWhatComesBackUncountedOverALowerLimit() {
        GroupScript.play("""
                group max=0
                join a 3
                end 2
                deliver | 0>a 1>a
                nack a 0 | ok
                nack a 1 | ok
                deliver | 0>a#2 1>a#2
                nack a 0 | ok
                nack a 1 | ok
                deliver | 0>a#3 1>a#3
                alter max=2
                quit a | dead 0 x3 max-deliveries, dead 1 x3 max-deliveries
                """);
    }

    @Test
    void shouldGiveUpOverALowerLimitWhatWaitsForItsKey() {
        GroupScript.play("""
                group strategy=key-ordered max=0
                keys x x
                join a 1
                join b 1
                end 2
                deliver | 0>a
                leave a
                deliver | 0>b#2
                leave b
                alter strategy=key-ordered max=2 | dead 0 x2 max-deliveries
                join c 1
                deliver | 1>c
                """);
    }

    @Test
    void shouldForgetWhoWasToDrainWhenTheMessageIsGone() {
        GroupScript.play("""
                group max=2
                join a 3
                end 2
                deliver | 0>a 1>a
                nack a 0 | ok
                deliver
                finish 0
                end 3
                deliver | 2>a
                """);
    }

    @Test
    void shouldHoldToTheLimitOverAKill() {
        GroupScript.play("""
                group max=2
                join a 5
                end 1
                deliver | 0>a
                kill
                join b 5
                deliver | 0>b#2
                kill | dead 0 x2 max-deliveries
                join c 5
                deliver
                """);
    }

    @Test
    void shouldGiveUpAfterAKillWhatMayBeDeliveredOnceOnly() {
        GroupScript.play("""
                group max=1
                join a 2
                end 4
                deliver | 0>a 1>a
                ack a 0 | 1
                deliver | 2>a
                kill | dead 1 x1 max-deliveries, dead 2 x1 max-deliveries
                join b 5
                deliver | 3>b
                """);
    }

    @Test
    void shouldNotCountWhatWasGivenBackBeforeAKill() {
        GroupScript.play("""
                group max=2
                join a 5
                end 2
                deliver | 0>a 1>a
                quit a
                kill
                join a 5
                deliver | 0>a#2 1>a#2
                quit a
                kill
                join a 5
                deliver | 0>a#3 1>a#3
                kill
                join a 5
                deliver | 0>a#4
                kill | dead 0 x4 max-deliveries
                """);
    }

    @Test
    void shouldNotCountWhatWasPassedForItsKey() {
        GroupScript.play("""
                group strategy=key-ordered max=1
                keys u u y
                join a 1
                join b 1
                end 3
                deliver | 0>b 2>a
                kill | dead 0 x1 max-deliveries, dead 2 x1 max-deliveries
                dead-done 0
                dead-done 2
                join a 5
                deliver | 1>a
                kill | dead 1 x1 max-deliveries
                """);
    }

    /** As a ZeroMQ puller does with a redeliver window. */
    @Test
    void shouldNotWaitForAMemberThatAlwaysHoldsSomething() {
        GroupScript.play("""
                group max=2 lease=1000
                join a 9
                trails a
                join b 9
                end 4
                deliver | 0>a 1>b 2>a 3>b
                ack b 1 | 1
                ack b 3 | 1
                nack a 2 | ok
                quit b
                deliver | 2>a#2
                join b 9
                end 6
                deliver | 4>b 5>a
                ack b 4 | 1
                tick 1000 | dead 2 x2 max-deliveries
                silent
                """);
    }

    @Test
    void shouldWaitUntilASharedMemberHoldsNothingElsewhere() {
        GroupScript.play("""
                group max=2
                join a 9
                share a
                end 2
                deliver | 0>a 1>a
                nack a 0 | ok
                ack a 1 | 1
                deliver
                drains | a
                end 3
                deliver
                grant a
                deliver | 0>a#2
                drains
                ack a 0 | 1
                deliver | 2>a
                nack a 2 | ok
                deliver
                drains | a
                """);
    }

    @Test
    void shouldGiveNothingToAMemberThatAnotherPartitionWantsAlone() {
        GroupScript.play("""
                group max=2
                join a 9
                share a
                end 2
                deliver | 0>a 1>a
                nack a 0 | ok
                deliver
                drains | a
                reserve a
                drains
                end 3
                deliver
                drains
                join b 9
                deliver | 0>b#2
                release-member a
                deliver | 2>a
                """);
    }

    /** A job that outlasts its lease, extended: the group goes on, and the last chance is tried again later. */
    @Test
    void shouldDrainNoLongerThanALease() {
        GroupScript.play("""
                group max=2
                join a 9
                end 3
                deliver | 0>a 1>a 2>a
                nack a 1 | ok
                extend a 0 600000 | ok
                ack a 2 | 1
                end 5
                deliver
                tick 29000
                deliver
                tick 1000
                deliver | 3>a 4>a
                ack a 3 | 1
                end 6
                deliver | 5>a
                ack a 4-5 | 2
                end 7
                tick 30000
                deliver
                ack a 0 | 1
                deliver | 1>a#2
                """);
    }
}
