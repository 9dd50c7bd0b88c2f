package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A member whose lease ended beside others that work: see {@link GroupScript} for the conversations. */
class SilentMemberTest {

    private static final int LEASE_MS = 1_000;
    private static final int DELIVERIES = 4;

    @Test
    void shouldGiveNothingMoreToAMemberWhoseLeaseEnded() {
        GroupScript.play("""
                join a 2
                join b 9
                end 2
                deliver | 0>a 1>b
                ack b 1 | 1
                tick 1000
                silent | a
                end 6
                deliver | 0>b#2 2>b 3>b 4>b 5>b
                """);
    }

    @Test
    void shouldHearOfAMemberByEverythingThatItSaysOfItsMessages() {
        GroupScript.play("""
                join b 0
                join a 9
                end 1
                deliver | 0>a
                tick 1000
                silent | a
                ack a 0 | 0
                silent
                deliver | 0>a#2
                tick 1000
                nack a 0 | ignored
                silent
                deliver | 0>a#3
                tick 1000
                reject a 0 bad | ignored
                silent
                deliver | 0>a#4
                tick 1000
                extend a 0 5 | ignored
                silent
                deliver | 0>a#5
                tick 1000
                credit a 1 | 0
                silent
                deliver | 0>a#6
                tick 1000
                deliver
                ack a 7-9 | 0
                deliver | 0>a#7
                """);
    }

    @Test
    void shouldTakeAPullForASignOfLife() {
        GroupScript.play("""
                join a 0
                join b 0
                end 2
                pull a | 0>a
                tick 1000
                silent | a
                pull a | 0>a#2
                silent
                """);
    }

    @Test
    void shouldNotHearOfAMemberByCreditThatIsTaken() {
        GroupScript.play("""
                join a 9
                join b 1
                end 2
                deliver | 0>a 1>b
                tick 1000
                credit a -1 | 1
                pause a
                resume a
                silent | ab
                """);
    }

    @Test
    void shouldGoOnWithTheOnlyMember() {
        GroupScript.play("""
                group max=3 lease=1000
                join a 1
                end 2
                deliver | 0>a
                tick 1000
                deliver | 0>a#2
                join b 9
                tick 1000
                silent | a
                deliver | 0>b#3
                ack b 0 | 1
                deliver | 1>b
                quit b
                deliver | 1>a#2
                """);
    }

    @Test
    void shouldKeepTheActiveRoleUntilTheLastLeaseIsOver() {
        GroupScript.play("""
                group strategy=single-active lease=1000
                join a 9
                join b 9
                join c 9
                end 2
                deliver | 0>a 1>a
                extend a 1 3000 | ok
                tick 1000
                silent | a
                end 4
                deliver
                pull b | none
                tick 2000
                deliver | 0>b#2 1>b#2 2>b 3>b
                """);
    }

    @Test
    void shouldNotGiveTheActiveRoleBackWhileTheHeirWorks() {
        GroupScript.play("""
                group strategy=single-active lease=1000
                join a 9
                join b 9
                end 1
                deliver | 0>a
                tick 1000
                deliver | 0>b#2
                ack a 0 | 0
                silent
                end 3
                deliver | 1>b 2>b
                quit b
                deliver | 0>a#3 1>a#2 2>a#2
                """);
    }

    @Test
    void shouldKeepTheActiveRoleWithWhoIsHeardBeforeAnybodyAsks() {
        GroupScript.play("""
                group strategy=single-active lease=1000
                join a 9
                join b 9
                end 1
                deliver | 0>a
                tick 1000
                ack a 0 | 0
                deliver | 0>a#2
                """);
    }

    @Test
    void shouldKeepKeySlotsUntilTheLastLeaseIsOver() {
        GroupScript.play("""
                group strategy=key-ordered lease=1000
                keys y y u y
                join a 9
                join b 9
                end 2
                deliver | 0>a 1>a
                extend a 1 3000 | ok
                tick 1000
                end 4
                deliver | 2>b
                ack b 2 | 1
                tick 2000
                deliver | 0>b#2 1>b#2 3>b
                """);
    }

    @Test
    void shouldTakeOverFromOtherPartitionsThatAMemberIsSilent() {
        GroupScript.play("""
                join a 9
                join b 9
                end 3
                deliver | 0>a 1>b 2>a
                silence a
                end 5
                deliver | 3>b 4>b
                hear a
                end 6
                deliver | 5>a
                """);
    }

    @Test
    void shouldWaitWhereEverybodyIsSilent() {
        GroupScript.play("""
                join a 9
                join b 9
                end 2
                deliver | 0>a 1>b
                tick 1000
                end 4
                deliver
                ack b 1 | 0
                deliver | 0>b#2 1>b#2 2>b 3>b
                """);
    }

    /** Members that take everything and say nothing, joined first, beside one that acknowledges what it gets. */
    @ParameterizedTest
    @EnumSource(Strategy.class)
    void shouldMakeNoDeadLettersBesideAHealthyMember(Strategy strategy) {
        for (int silent = 1; silent < DELIVERIES; silent++) {
            for (int publishEveryMs : new int[] {0, 7, 300}) {
                Workers workers = new Workers(strategy, silent, 256);
                workers.publish(400, publishEveryMs);
                assertThat(workers.dead)
                        .as("silent=%d publishEveryMs=%d", silent, publishEveryMs)
                        .isEmpty();
                assertThat(workers.done).hasSize(400);
            }
        }
    }

    /** A group whose clock passes in steps of 10 ms. */
    private static final class Workers {
        private final PartitionGroup group;
        private final int healthy;
        private final List<Long> dead = new ArrayList<>();
        private final Set<Long> done = new HashSet<>();
        private long nowMs;

        private Workers(Strategy strategy, int silent, int credit) {
            group = new PartitionGroup(
                    GroupSettings.DEFAULT
                            .with(GroupSettings.STRATEGY, strategy)
                            .with(GroupSettings.LEASE_MS, LEASE_MS)
                            .with(GroupSettings.MAX_DELIVERIES, DELIVERIES)
                            .with(GroupSettings.BACK_OFF_MS, 0)
                            .with(GroupSettings.BACK_OFF_MAX_MS, 0),
                    0);
            healthy = silent;
            for (int member = 0; member <= silent; member++) {
                group.join(member, credit);
            }
        }

        private void publish(int count, int everyMs) {
            long until = (long) count * everyMs + 10 * LEASE_MS;
            for (; nowMs <= until; nowMs += 10) {
                group.onEnd(everyMs == 0 ? count : Math.min(count, 1 + nowMs / everyMs));
                group.onTick(nowMs, (offset, attempts, reason) -> dead.add(offset));
                work();
            }
        }

        private void work() {
            for (long offset = group.next(nowMs); offset != PartitionGroup.NONE; offset = group.next(nowMs)) {
                int member = group.assign(offset, (int) offset * 0x9E3779B9, nowMs);
                if (member == healthy) {
                    group.ack(member, offset, offset);
                    done.add(offset);
                }
            }
        }
    }
}
