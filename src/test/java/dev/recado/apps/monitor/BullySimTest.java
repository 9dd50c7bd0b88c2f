package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.MonitorMessage.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Monitors over a network that drops, delays, cuts and heals, with crashes, restarts and pauses; by seed. */
class BullySimTest {

    private static final int SEEDS = Integer.getInteger("recado.seeds", 1_000);
    private static final Bully.Times TIMES = new Bully.Times(100, 1_000, 500);
    private static final long TICK_MS = 20;
    private static final long TROUBLE_MS = 20_000;
    /** A leader is missed, the higher ones are asked, one that does not lead is waited for, and asked once more. */
    private static final long CALM_MS = 3 * (TIMES.leaderTimeoutMs() + TIMES.answerMs());

    @Test
    void shouldHaveTheHighestLeadOnceThereIsCalm() {
        for (int seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed);
            world.trouble();
            world.calm();
            assertThat(world.view()).as("seed %d", seed).isEqualTo(world.expected());
        }
    }

    @Test
    void shouldRunTheSameTwice() {
        World one = new World(7);
        one.trouble();
        World other = new World(7);
        other.trouble();
        assertThat(other.view() + other.sent).isEqualTo(one.view() + one.sent);
    }

    private record Flying(long atMs, long order, int from, int to, Kind kind) implements Comparable<Flying> {
        @Override
        public int compareTo(Flying other) {
            return atMs != other.atMs ? Long.compare(atMs, other.atMs) : Long.compare(order, other.order);
        }
    }

    private static final class World {
        final Random random;
        final int count;
        final List<@Nullable Bully> monitors = new ArrayList<>();
        final boolean[] paused;
        final boolean[][] cut;
        final PriorityQueue<Flying> air = new PriorityQueue<>();
        long nowMs;
        long sent;
        double loss;

        World(long seed) {
            random = new Random(seed);
            count = 1 + random.nextInt(5);
            paused = new boolean[count];
            cut = new boolean[count][count];
            loss = random.nextDouble() * 0.5;
            for (int i = 0; i < count; i++) {
                monitors.add(null);
                restart(i);
            }
        }

        void restart(int index) {
            TreeSet<Integer> all = new TreeSet<>();
            for (int i = 1; i <= count; i++) {
                all.add(i);
            }
            Bully bully = new Bully(index + 1, all, TIMES, new Bully.Effects() {
                @Override
                public void send(int to, Kind kind) {
                    World.this.send(index, to - 1, kind);
                }

                @Override
                public void onLeader(int leader) {}
            });
            monitors.set(index, bully);
            bully.start(nowMs);
        }

        void send(int from, int to, Kind kind) {
            sent++;
            if (!cut[from][to] && random.nextDouble() >= loss) {
                air.add(new Flying(nowMs + 1 + random.nextInt(150), sent, from, to, kind));
            }
        }

        void trouble() {
            while (nowMs < TROUBLE_MS) {
                if (random.nextInt(40) == 0) {
                    int one = random.nextInt(count);
                    switch (random.nextInt(4)) {
                        case 0 -> monitors.set(one, null);
                        case 1 -> restart(one);
                        case 2 -> paused[one] = !paused[one];
                        default -> {
                            int other = random.nextInt(count);
                            cut[one][other] = random.nextBoolean();
                        }
                    }
                }
                step();
            }
        }

        void calm() {
            loss = 0;
            for (int i = 0; i < count; i++) {
                paused[i] = false;
                cut[i] = new boolean[count];
            }
            long end = nowMs + CALM_MS;
            while (nowMs < end) {
                step();
            }
        }

        void step() {
            nowMs += TICK_MS;
            while (!air.isEmpty() && air.element().atMs() <= nowMs) {
                Flying message = air.remove();
                Bully to = monitors.get(message.to());
                if (to != null && !paused[message.to()]) {
                    to.on(new MonitorMessage(message.kind(), message.from() + 1), nowMs);
                }
            }
            for (int i = 0; i < count; i++) {
                Bully one = monitors.get(i);
                if (one != null && !paused[i]) {
                    one.onTick(nowMs);
                }
            }
        }

        /** Who leads, as each living one sees it. */
        String view() {
            return monitors.stream()
                    .map(one -> one == null ? "-" : Integer.toString(one.leader()))
                    .collect(Collectors.joining(" "));
        }

        String expected() {
            int highest = 0;
            for (int i = 0; i < count; i++) {
                highest = monitors.get(i) == null ? highest : i + 1;
            }
            String leader = Integer.toString(highest);
            return monitors.stream().map(one -> one == null ? "-" : leader).collect(Collectors.joining(" "));
        }
    }
}
