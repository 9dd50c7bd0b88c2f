package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random lives of a group with levels against a sorted map; the seed of a failure is in its message. */
class MessageLevelsModelTest {

    private static final int SEEDS = 400;
    private static final int STEPS = 300;
    private static final GroupEffects NO_DEATHS = (offset, attempts, reason) -> {
        throw new AssertionError("dead " + offset);
    };
    private static final GroupSettings SETTINGS = GroupSettings.DEFAULT
            .with(GroupSettings.MAX_DELIVERIES, 0)
            .with(GroupSettings.BACK_OFF_MS, 0)
            .with(GroupSettings.LEASE_MS, 0L);

    /** Highest level first, then the oldest. */
    private record Place(int level, long offset) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparingInt((Place place) -> -place.level)
                    .thenComparingLong(Place::offset)
                    .compare(this, other);
        }
    }

    private static final class World implements AutoCloseable {
        private final Random random;
        private final int top;
        private final Map<Long, Integer> levels = new HashMap<>();
        private final Map<Long, Integer> attempts = new HashMap<>();
        private final TreeMap<Place, Boolean> ready = new TreeMap<>();
        private final Map<Long, Integer> leased = new HashMap<>();
        private PartitionGroup group = new PartitionGroup(SETTINGS, 0);
        private MessageLevels teacher;
        private long end;
        private boolean joined;

        World(long seed) {
            random = new Random(seed);
            top = 1 + random.nextInt(random.nextBoolean() ? 3 : 255);
            teacher = new MessageLevels(group, top);
        }

        private Place place(long offset) {
            return new Place(Math.min(top, levels.getOrDefault(offset, 0)), offset);
        }

        private void tell() {
            for (long at = teacher.nextUnknown(); at != PartitionGroup.NONE; at = teacher.nextUnknown()) {
                teacher.tell(at, levels.getOrDefault(at, 0), 10);
            }
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> publish();
                case 3, 4, 5 -> deliver();
                case 6, 7 -> settle(true);
                case 8 -> settle(false);
                case 9 -> member();
                case 10 -> drop();
                default -> {
                    if (random.nextInt(5) == 0) {
                        restart();
                    }
                }
            }
            assertThat(group.backlog()).isEqualTo(ready.size() + leased.size());
            assertThat(group.ready()).isEqualTo(ready.size());
        }

        private void publish() {
            for (int i = random.nextInt(5); i >= 0; i--) {
                levels.put(end, random.nextInt(256));
                ready.put(place(end), true);
                end++;
            }
            group.onEnd(end);
            tell();
        }

        private void deliver() {
            long offset = group.next(0);
            boolean any = joined && !ready.isEmpty() && group.freeCredit(0) > 0;
            assertThat(offset).isEqualTo(any ? ready.firstKey().offset : PartitionGroup.NONE);
            if (any) {
                assertThat(group.assign(offset, 0, 0)).isZero();
                ready.pollFirstEntry();
                leased.put(offset, 0);
                attempts.merge(offset, 1, Integer::sum);
                assertThat(group.attempt(offset)).isEqualTo(attempts.get(offset));
            }
        }

        private void settle(boolean ack) {
            if (leased.isEmpty()) {
                return;
            }
            long offset = leased.keySet().stream()
                    .skip(random.nextInt(leased.size()))
                    .findFirst()
                    .orElseThrow();
            leased.remove(offset);
            if (ack) {
                assertThat(group.ack(0, offset, offset)).isEqualTo(1);
            } else {
                assertThat(group.nack(0, offset, 0, 0, NO_DEATHS)).isTrue();
                ready.put(place(offset), true);
            }
        }

        private void member() {
            if (joined) {
                group.leave(0, true, 0, NO_DEATHS);
                leased.keySet().forEach(offset -> ready.put(place(offset), true));
                leased.clear();
            } else {
                group.join(0, 1 + random.nextInt(6));
            }
            joined = !joined;
        }

        private void drop() {
            long dropped = new GroupNeeds(group).dropOldest();
            int lowest = ready.isEmpty() ? 0 : ready.lastKey().level;
            Place expected = ready.ceilingKey(new Place(lowest, 0));
            assertThat(dropped).isEqualTo(expected == null ? PartitionGroup.NONE : expected.offset);
            if (expected != null) {
                ready.remove(expected);
            }
        }

        private void restart() {
            ByteWriter out = new ByteWriter(64);
            group.writeState(0, 0, out);
            group = PartitionGroup.readState(
                    SETTINGS, PartitionGroup.FORMAT_VERSION, new ByteReader(out.toByteArray()));
            group.onRecovered(0, 0, stamp -> -stamp, NO_DEATHS);
            group.onEnd(end);
            leased.keySet().forEach(offset -> ready.put(place(offset), true));
            leased.clear();
            joined = false;
            teacher = new MessageLevels(group, top);
            tell();
        }

        @Override
        public void close() {
            group.onLogStart(end);
            assertThat(new GroupNeeds(group).heldBytes()).isZero();
        }
    }

    @Test
    void shouldHandOutAndDropAsASortedMap() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (World world = new World(seed)) {
                for (int step = 0; step < STEPS; step++) {
                    world.step();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }
}
