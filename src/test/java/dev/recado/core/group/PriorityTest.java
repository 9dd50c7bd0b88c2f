package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members of several priorities: see {@link GroupScript} for the conversations. */
class PriorityTest {

    private static final int MEMBERS = 70;

    @Test
    void shouldServeTheHighestPriorityThatHasCredit() {
        GroupScript.play("""
                join a 9
                join b 2
                join c 1
                prefer b 5
                prefer c 5
                end 5
                deliver | 0>b 1>c 2>b 3>a 4>a
                ack b 0 | 1
                end 7
                deliver | 5>b 6>a
                """);
    }

    @Test
    void shouldTakeTurnsAmongEquals() {
        GroupScript.play("""
                join a 9
                join b 9
                join c 9
                prefer a -2147483648
                prefer b 2147483647
                prefer c 2147483647
                end 4
                deliver | 0>b 1>c 2>b 3>c
                """);
    }

    @Test
    void shouldServeAnotherPriorityWhileTheHighestIsPaused() {
        GroupScript.play("""
                join a 9
                join b 9
                prefer b 1
                end 1
                deliver | 0>b
                pause b
                end 2
                deliver | 1>a
                resume b
                end 3
                deliver | 2>b
                cease b
                end 4
                deliver | 3>a
                """);
    }

    @Test
    void shouldHandTheLeastLoadedOfTheHighestPriorityTheNext() {
        GroupScript.play("""
                group strategy=least-in-flight
                join a 9
                join b 9
                join c 9
                prefer b 1
                prefer c 1
                end 4
                deliver | 0>b 1>c 2>b 3>c
                ack c 1 | 1
                ack c 3 | 1
                end 6
                deliver | 4>c 5>c
                """);
    }

    @Test
    void shouldChooseTheNextActiveMemberByPriorityAndNotBefore() {
        GroupScript.play("""
                group strategy=single-active
                join a 9
                end 1
                deliver | 0>a
                join b 9
                join c 9
                join d 9
                prefer c 5
                prefer d 5
                end 2
                deliver | 1>a
                quit a
                deliver | 0>c#2 1>c#2
                cease c
                end 3
                deliver | 2>d
                quit d
                deliver | 2>b#2
                """);
    }

    @Test
    void shouldServeTheActiveMemberOfALowPriority() {
        GroupScript.play("""
                group strategy=single-active
                join a 1
                end 3
                deliver | 0>a
                join b 9
                prefer b 9
                deliver
                ack a 0 | 1
                deliver | 1>a
                """);
    }

    @Test
    void shouldLeaveKeysWithTheirMembers() {
        GroupScript.play("""
                group strategy=key-ordered
                keys k k k k
                join a 9
                join b 9
                prefer a 9
                end 4
                deliver | 0>b 1>b 2>b 3>b
                """);
    }

    @Test
    void shouldHandWhatGoesAloneToTheIdleOneOfTheHighestPriority() {
        GroupScript.play("""
                group max=2
                join a 9
                join b 9
                join c 9
                prefer b 1
                end 1
                deliver | 0>b
                nack b 0 | ok
                hear c
                deliver | 0>b#2
                ack b 0 | 1
                end 2
                deliver | 1>b
                nack b 1 | ok
                pause b
                deliver | 1>c#2
                """);
    }

    @Test
    void shouldLetAPullHaveItsMessage() {
        GroupScript.play("""
                join a 0
                join b 9
                prefer b 9
                end 1
                pull a | 0>a
                """);
    }

    @Test
    void shouldJoinAmongMembersOfOneOtherPriority() {
        GroupScript.play("""
                join a 1
                prefer a -1
                end 1
                deliver | 0>a
                ack a 0 | 1
                join b 1
                end 3
                deliver | 1>b 2>a
                quit b
                ack a 2 | 1
                deliver | 1>a#2
                """);
    }

    /** Whatever members do, a message goes to one of the highest priority of all that could be handed it. */
    @ParameterizedTest
    @EnumSource(
            value = Strategy.class,
            names = {"ROUND_ROBIN", "LEAST_IN_FLIGHT"})
    void shouldAlwaysServeTheHighestPriority(Strategy strategy) {
        for (long seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            PartitionGroup group = new PartitionGroup(
                    GroupSettings.DEFAULT
                            .with(GroupSettings.STRATEGY, strategy)
                            .with(GroupSettings.LEASE_MS, 0L)
                            .with(GroupSettings.MAX_DELIVERIES, 0),
                    0);
            Seating seating = new Seating(group);
            Map<Integer, Integer> priority = new HashMap<>();
            Map<Integer, Boolean> paused = new HashMap<>();
            Map<Long, Integer> held = new HashMap<>();
            long end = 0;
            for (int step = 0; step < 2_000; step++) {
                int member = random.nextInt(MEMBERS);
                switch (random.nextInt(9)) {
                    case 0 -> {
                        if (!group.isJoined(member)) {
                            group.join(member, random.nextInt(4));
                            priority.put(member, 0);
                            paused.put(member, false);
                            if (random.nextBoolean()) {
                                priority.put(member, random.nextInt(4) - 2);
                                seating.prefer(member, priority.get(member));
                            }
                        }
                    }
                    case 1 -> {
                        if (group.isJoined(member) && random.nextInt(3) == 0) {
                            group.leave(member, false, step, (offset, attempts, reason) -> {});
                            held.values().removeIf(holder -> holder == member);
                        }
                    }
                    case 2 -> {
                        if (random.nextInt(4) == 0) {
                            seating.cease(member);
                        }
                    }
                    case 3 -> {
                        boolean now = random.nextBoolean();
                        group.pauseMember(member, now);
                        paused.put(member, now);
                    }
                    case 4 -> group.addCredit(member, random.nextInt(5) - 2);
                    case 5, 6 -> group.onEnd(++end);
                    default -> settle(random, group, held, step);
                }
                handOut(group, seating, priority, paused, held, step);
            }
        }
    }

    private static void settle(Random random, PartitionGroup group, Map<Long, Integer> held, long nowMs) {
        if (held.isEmpty()) {
            return;
        }
        List<Long> offsets = new ArrayList<>(held.keySet());
        long offset = offsets.get(random.nextInt(offsets.size()));
        int holder = held.remove(offset);
        if (random.nextBoolean()) {
            group.ack(holder, offset, offset);
        } else {
            group.nack(holder, offset, 0, nowMs, (dead, attempts, reason) -> {});
        }
    }

    private static void handOut(
            PartitionGroup group,
            Seating seating,
            Map<Integer, Integer> priority,
            Map<Integer, Boolean> paused,
            Map<Long, Integer> held,
            long nowMs) {
        for (long offset = group.next(nowMs); offset != PartitionGroup.NONE; offset = group.next(nowMs)) {
            int best = Integer.MIN_VALUE;
            for (int member = 0; member < MEMBERS; member++) {
                if (group.freeCredit(member) > 0 && !seating.isCeased(member) && !paused.get(member)) {
                    best = Math.max(best, priority.get(member));
                }
            }
            int chosen = group.assign(offset, 0, nowMs);
            assertThat(chosen).isNotEqualTo(PartitionGroup.NONE);
            assertThat(priority.get(chosen)).isEqualTo(best);
            assertThat(paused.get(chosen)).isFalse();
            assertThat(seating.isCeased(chosen)).isFalse();
            held.put(offset, chosen);
        }
    }
}
