package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that answer one request after the other, on a machine that now and then stops one of them; virtual time. */
class FairShareTest {

    private static final int RUNS = 100;
    private static final int CREDIT = 8;
    private static final GroupEffects NONE = (offset, attempts, reason) -> {
        throw new AssertionError("dead letter " + offset);
    };

    /** Times in microseconds. */
    private static final class World {
        final Random random;
        final PartitionGroup group;
        final GroupNeeds needs;
        final List<Worker> workers = new ArrayList<>();
        final PriorityQueue<Event> events = new PriorityQueue<>();
        long nowUs;
        long wakeAtMs = Long.MAX_VALUE;
        int serial;

        private record Event(long atUs, int serial, Runnable action) implements Comparable<Event> {
            @Override
            public int compareTo(Event other) {
                int byTime = Long.compare(atUs, other.atUs);
                return byTime != 0 ? byTime : Integer.compare(serial, other.serial);
            }
        }

        World(int seed) {
            random = new Random(seed);
            nowUs = random.nextInt(1_000);
            group = new PartitionGroup(
                    GroupSettings.DEFAULT
                            .with(GroupSettings.LEASE_MS, 0)
                            .with(GroupSettings.BACK_OFF_MS, 0)
                            .with(GroupSettings.BACK_OFF_MAX_MS, 0),
                    0);
            needs = new GroupNeeds(group);
        }

        void worker(long serviceUs, double stopped) {
            group.join(workers.size(), CREDIT);
            workers.add(new Worker(this, workers.size(), serviceUs, stopped));
        }

        void after(long us, Runnable action) {
            events.add(new Event(nowUs + us, serial++, action));
        }

        void handOut() {
            long nowMs = nowUs / 1_000;
            for (long offset = group.next(nowMs); offset != PartitionGroup.NONE; offset = group.next(nowMs)) {
                workers.get(group.assign(offset, 0, nowMs)).take(offset);
            }
            long until = needs.turnKeptUntilMs();
            if (until != Long.MAX_VALUE && (wakeAtMs <= nowMs || until < wakeAtMs)) {
                wakeAtMs = until;
                after(until * 1_000 - nowUs, this::handOut);
            }
        }

        void burst(int requests) {
            group.onEnd(group.end() + requests);
            handOut();
        }

        /** Until everything is done, or that many are; answers how long it took. */
        long run(long requests) {
            long from = nowUs;
            while (!events.isEmpty() && group.totals().acked() < requests) {
                Event event = events.remove();
                nowUs = event.atUs();
                event.action().run();
            }
            return nowUs - from;
        }
    }

    private static final class Worker {
        private final World world;
        private final int member;
        private final long serviceUs;
        private final double stopped;
        private final ArrayDeque<Long> held = new ArrayDeque<>();
        private boolean working;
        private boolean dead;
        int answered;

        Worker(World world, int member, long serviceUs, double stopped) {
            this.world = world;
            this.member = member;
            this.serviceUs = serviceUs;
            this.stopped = stopped;
        }

        void take(long offset) {
            held.add(offset);
            work();
        }

        private void work() {
            if (working || held.isEmpty() || dead) {
                return;
            }
            working = true;
            long us = serviceUs / 2 + world.random.nextLong(serviceUs);
            // The kernel gives its processor to somebody else for a while.
            us += world.random.nextDouble() < stopped ? 1_000 + world.random.nextInt(14_000) : 0;
            world.after(us, this::answer);
        }

        private void answer() {
            if (dead) {
                return;
            }
            working = false;
            long offset = held.remove();
            answered++;
            world.group.ack(member, offset, offset);
            work();
            world.handOut();
        }

        void die() {
            dead = true;
            held.clear();
            world.group.leave(member, true, world.nowUs / 1_000, NONE);
            world.handOut();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 200, 1_000, 5_000})
    void shouldGiveEqualWorkersEqualShares(int requests) {
        // Given
        int fair = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            World world = new World(seed);
            world.worker(100, 0.01);
            world.worker(100, 0.01);

            // When
            world.burst(requests);
            world.run(requests);

            // Then
            int smaller = Math.min(world.workers.get(0).answered, world.workers.get(1).answered);
            fair += smaller * 10 >= requests * 4 ? 1 : 0;
            assertThat(world.group.backlog()).as("seed=%d", seed).isZero();
        }
        assertThat(fair).isGreaterThanOrEqualTo(95);
    }

    @Test
    void shouldDelayNoMoreThanItsCreditWhenAWorkerIsKilled() {
        for (int seed = 0; seed < RUNS; seed++) {
            // Given
            World world = new World(seed);
            world.worker(100, 0);
            world.worker(100, 0);
            world.burst(1_000);
            world.run(300);
            Worker killed = world.workers.get(0);
            int inHand = killed.held.size();

            // When
            killed.die();
            long tookUs = world.run(1_000);

            // Then
            assertThat(inHand).as("seed=%d", seed).isLessThanOrEqualTo(CREDIT);
            assertThat(world.group.totals().redelivered()).isEqualTo(inHand);
            assertThat(tookUs).isLessThan(700 * 110);
        }
    }

    @Test
    void shouldNotSlowDownWorkersForOneThatIsSlow() {
        for (long slowUs : new long[] {200, 500, 2_000, 20_000, 300_000}) {
            // Given
            World world = new World(1);
            world.worker(100, 0);
            world.worker(slowUs, 0);
            int requests = 50_000;

            // When
            world.burst(requests);
            long tookUs = world.run(requests - CREDIT);

            // Then
            double ideal = requests / (1.0 / 100 + 1.0 / slowUs);
            assertThat(tookUs).as("slow=%d", slowUs).isLessThan((long) (ideal * 1.07) + 250_000);
        }
    }

    @Test
    void shouldNotSlowDownWorkersThatHoldOneRequestEach() {
        // Given
        World world = new World(2);
        for (int member = 0; member < 4; member++) {
            world.worker(2_000, 0.1);
            world.group.addCredit(member, 1 - CREDIT);
        }
        int requests = 20_000;

        // When
        world.burst(requests);
        long tookUs = world.run(requests);

        // Then
        long meanUs = 2_000 + 800;
        assertThat(tookUs).isLessThan(requests / 4 * meanUs * 108 / 100);
    }
}
