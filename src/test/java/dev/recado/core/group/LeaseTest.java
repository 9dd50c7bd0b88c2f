package dev.recado.core.group;

import org.junit.jupiter.api.Test;

/** How leases end and what waits behind that, as conversations: see {@link GroupScript}. */
class LeaseTest {

    @Test
    void shouldRedeliverWhenLeaseExpires() {
        GroupScript.play("""
                group lease=1000
                join a 2
                end 3
                deliver | 0>a 1>a
                tick 999
                deliver
                tick 1
                deliver | 0>a#2 1>a#2
                ack a 0 | 1
                deliver | 2>a
                """);
    }

    @Test
    void shouldBackOffAfterTheEndOfALease() {
        GroupScript.play("""
                group lease=500 back-off=3000
                join a 1
                end 1
                deliver | 0>a
                tick 500
                show | floor=0 cursor=1 backlog=1 ready=0 leased=0 waiting=1 dying=0 deadline=3500
                tick 2999
                deliver
                tick 1
                deliver | 0>a#2
                """);
    }

    @Test
    void shouldExtendOnlyThatLease() {
        GroupScript.play("""
                group lease=1000
                join a 3
                end 3
                deliver | 0>a 1>a 2>a
                extend a 1 5000 | ok
                extend b 1 5000 | ignored
                tick 1000
                deliver | 0>a#2 2>a#2
                tick 999
                show | floor=0 cursor=3 backlog=3 ready=0 leased=3 waiting=0 dying=0 deadline=2000
                ack a 0 | 1
                ack a 2 | 1
                tick 3000
                show | floor=1 cursor=3 backlog=1 ready=0 leased=1 waiting=0 dying=0 deadline=5000
                tick 1
                show | floor=1 cursor=3 backlog=1 ready=1 leased=0 waiting=0 dying=0 deadline=never
                """);
    }

    @Test
    void shouldKeepEndlessLeasesUntilTheHolderLeaves() {
        GroupScript.play("""
                group lease=0
                join a 1
                end 1
                deliver | 0>a
                show | floor=0 cursor=1 backlog=1 ready=0 leased=1 waiting=0 dying=0 deadline=never
                extend a 0 5 | ok
                tick 1000000
                ack a 0 | 1
                """);
    }

    @Test
    void shouldBackOffLongerWithEveryNack() {
        GroupScript.play("""
                group back-off=100 back-off-max=300
                join a 1
                end 2
                deliver | 0>a
                nack a 0 | ok
                deliver | 1>a
                ack a 1 | 1
                tick 99
                deliver
                tick 1
                deliver | 0>a#2
                nack a 0 | ok
                show | floor=0 cursor=2 backlog=1 ready=0 leased=0 waiting=1 dying=0 deadline=300
                tick 200
                deliver | 0>a#3
                nack a 0 | ok
                show | floor=0 cursor=2 backlog=1 ready=0 leased=0 waiting=1 dying=0 deadline=600
                tick 300
                deliver | 0>a#4
                nack a 0 7 | ok
                show | floor=0 cursor=2 backlog=1 ready=0 leased=0 waiting=1 dying=0 deadline=607
                """);
    }
}
