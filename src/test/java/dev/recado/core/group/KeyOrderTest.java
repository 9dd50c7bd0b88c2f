package dev.recado.core.group;

import org.junit.jupiter.api.Test;

/** The rules of key order, as conversations: see {@link GroupScript}. Keys u and y fall into slots of two members. */
class KeyOrderTest {

    @Test
    void shouldKeepAKeyWithOneMemberAndLetOthersGoOnWhenItIsFull() {
        GroupScript.play("""
                group strategy=key-ordered
                keys u y u u y u y
                join a 2
                join b 9
                end 7
                deliver | 0>b 1>a 2>b 3>b 4>a 5>b
                show | floor=0 cursor=7 backlog=7 ready=1 leased=6 waiting=0 dying=0 deadline=1000
                ack a 1 | 1
                deliver | 6>a
                """);
    }

    @Test
    void shouldMoveAKeyOnlyOnceNothingOfItIsInFlight() {
        GroupScript.play("""
                group strategy=key-ordered
                keys u u u u u
                join a 2
                end 5
                deliver | 0>a 1>a
                join b 9
                deliver
                ack a 0 | 1
                deliver | 2>a
                ack a 1-2 | 2
                deliver | 3>b 4>b
                """);
    }

    @Test
    void shouldHoldAKeyBackWhileAnEarlierMessageOfItBacksOff() {
        GroupScript.play("""
                group strategy=key-ordered back-off=100
                keys u u u y
                join a 1
                end 4
                deliver | 0>a
                nack a 0 | ok
                deliver | 3>a
                credit a 5 | 0
                deliver
                tick 100
                deliver | 0>a#2 1>a 2>a
                """);
    }

    @Test
    void shouldGiveTheKeysOfAVanishedMemberToAnotherInOrder() {
        GroupScript.play("""
                group strategy=key-ordered
                keys u u u u
                join a 2
                end 4
                deliver | 0>a 1>a
                leave a
                join b 9
                deliver | 0>b#2 1>b#2 2>b 3>b
                """);
    }

    @Test
    void shouldLetPullingMembersTakeKeysThatNobodyWorksOn() {
        GroupScript.play("""
                group strategy=key-ordered
                keys u u y
                join a 0
                join b 0
                end 3
                pull a | 0>a
                pull b | 2>b
                pull b | none
                ack a 0 | 1
                pull b | 1>b
                """);
    }

    @Test
    void shouldForgetKeyOrderWhenTheStrategyChanges() {
        GroupScript.play("""
                group strategy=key-ordered
                keys u u u
                join a 1
                join b 1
                end 3
                deliver | 0>b
                alter strategy=round-robin
                deliver | 1>a
                alter strategy=key-ordered
                ack b 0 | 1
                deliver | 2>b
                """);
    }
}
