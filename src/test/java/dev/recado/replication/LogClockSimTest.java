package dev.recado.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A log with one leader after the other, under a wall clock that jumps by a seed: its time never goes back, under one
 * leader it passes as the monotonic clock does, between two of them by no more than the wall clock says; what a replay
 * of the entries makes is what the leader had; and much is counted only after the clock has stood for its time, for
 * what is older than it alone.
 */
class LogClockSimTest {

    private static final int SEEDS = 5_000;
    private static final int LIVES = 6;
    private static final int STEPS = 30;
    private static final long DAY = 24L * 3_600_000;

    private record Entry(boolean first, long wallMs, long stampMs, long pauseFromMs, long pauseMs) {
        private void replay(LogClock clock) {
            clock.onRecovered(first, wallMs, stampMs);
            if (pauseMs > 0) {
                clock.onPauseRecovered(pauseFromMs, pauseMs);
            }
        }
    }

    @Test
    void shouldGrowOldAsTheMonotonicClockDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new World(seed).live();
            } catch (AssertionError e) {
                throw new AssertionError("seed=" + seed, e);
            }
        }
    }

    /** Whatever the difference is: it was put right, and no time has passed. */
    @Test
    void shouldNotGrowOldBecauseAClockThatWasBehindIsPutRight() {
        long wallMs = 1_700_000_000_000L;
        for (long behindMs : new long[] {3_300_000, DAY, 50 * 365 * DAY}) {
            List<Entry> log = new ArrayList<>();
            log.add(entry(LogClock.started(wallMs, 0), wallMs, 0));
            LogClock behind = replayed(log);
            assertThat(behind.start(wallMs - behindMs, 0)).isZero();
            log.add(entry(behind, wallMs - behindMs + 20_000, 20_000));

            LogClock right = replayed(log);
            assertThat(right.start(wallMs + 60_000, 0)).isZero();
            right.stamp(true, wallMs + 60_000, 0);
            right.look(wallMs + 60_000 + 2 * LogClock.STANDS_MS, 2 * LogClock.STANDS_MS);

            assertThat(right.ageMs(log.get(0).stampMs(), 2 * LogClock.STANDS_MS))
                    .as("behind by %d ms", behindMs)
                    .isBetween(60_000 + 2 * LogClock.STANDS_MS, 61_000 + 2 * LogClock.STANDS_MS);
        }
    }

    private static Entry entry(LogClock clock, long wallMs, long monotonicMs) {
        return new Entry(true, wallMs, clock.stamp(true, wallMs, monotonicMs), 0, 0);
    }

    private static LogClock replayed(List<Entry> log) {
        LogClock clock = new LogClock();
        log.forEach(entry -> entry.replay(clock));
        return clock;
    }

    private static final class World {
        private final Random random;
        private final List<Entry> log = new ArrayList<>();
        /** Of each entry, how old it is to be. */
        private final List<Long> ages = new ArrayList<>();

        private LogClock clock = new LogClock();
        private long trueMs = 1_700_000_000_000L;
        private long wrongMs;
        /** Of this life only. */
        private long monotonicMs;
        /** The first entry that came while time waited, or -1. */
        private int waitsFrom = -1;

        private long sinceJumpMs;

        private World(long seed) {
            random = new Random(seed);
        }

        private long wallMs() {
            return trueMs + wrongMs;
        }

        private void live() {
            for (int life = 0; life < LIVES; life++) {
                monotonicMs = random.nextInt(1_000_000);
                clock = replay(new LogClock(), 0);
                begin();
                for (int step = 0; step < STEPS; step++) {
                    step();
                    checkAges();
                }
                checkReplay();
                trueMs += someTime(); // nobody leads
                jumpMaybe();
            }
        }

        private void begin() {
            long lastMs = clock.timeMs();
            long passedMs = wallMs() - Math.max(clock.gapMs(), 0) - lastMs - 1;
            long waits = clock.start(wallMs(), monotonicMs);
            sinceJumpMs = 0;
            if (!log.isEmpty()) {
                boolean much = passedMs > LogClock.AT_ONCE_MS_MAX;
                assertThat(waits).isEqualTo(much ? passedMs : 0);
                long risen = clock.nowMs(monotonicMs) - lastMs;
                assertThat(risen).isEqualTo(1 + (much ? 0 : Math.max(0, passedMs)));
                grow(ages.size(), risen);
            }
            waitsFrom = waits == 0 ? -1 : waitsFrom >= 0 ? waitsFrom : log.size();
            append(true, 0);
        }

        private void grow(int to, long ms) {
            for (int i = 0; i < to; i++) {
                ages.set(i, ages.get(i) + ms);
            }
        }

        private void step() {
            long before = clock.nowMs(monotonicMs);
            long passed = 0;
            boolean waited = clock.waits();
            int there = ages.size();
            switch (random.nextInt(6)) {
                case 0 -> jumpMaybe();
                case 1 -> append(false, 0);
                default -> {
                    passed = random.nextInt(180_000);
                    trueMs += passed;
                    monotonicMs += passed;
                    sinceJumpMs += passed;
                }
            }
            long pause = clock.look(wallMs(), monotonicMs);
            long risen = clock.nowMs(monotonicMs) - before;
            assertThat(risen).isBetween(passed, passed + (waited ? LogClock.AT_ONCE_MS_MAX : 0));
            grow(there, risen);
            if (pause > 0) {
                assertThat(sinceJumpMs).isGreaterThanOrEqualTo(LogClock.STANDS_MS);
                grow(waitsFrom, pause);
                append(false, pause);
            } else if (clock.wantsStamp(wallMs(), monotonicMs)) {
                append(false, 0);
            }
            waitsFrom = clock.waits() ? waitsFrom : -1;
        }

        private void append(boolean first, long pause) {
            long stampMs = clock.stamp(first, wallMs(), monotonicMs);
            if (!log.isEmpty()) {
                assertThat(stampMs)
                        .isGreaterThanOrEqualTo(log.get(log.size() - 1).stampMs());
            }
            log.add(new Entry(first, wallMs(), stampMs, pause > 0 ? clock.lastPauseFromMs() : 0, pause));
            ages.add(0L);
        }

        private void checkAges() {
            long bound = random.nextBoolean() ? random.nextInt(10_000_000) : random.nextInt(20) * DAY;
            long stamp = clock.stampOfAge(bound, monotonicMs);
            for (int i = 0; i < log.size(); i++) {
                long age = clock.ageMs(log.get(i).stampMs(), monotonicMs);
                assertThat(age).as("age of entry %d", i).isEqualTo(ages.get(i));
                assertThat(log.get(i).stampMs() >= stamp).isEqualTo(age <= bound);
            }
        }

        private LogClock replay(LogClock from, int at) {
            log.subList(at, log.size()).forEach(entry -> entry.replay(from));
            return from;
        }

        /** The same from the beginning, from a state in the middle, and as the leader has it. */
        private void checkReplay() {
            append(false, 0);
            LogClock whole = replay(new LogClock(), 0);
            int middle = random.nextInt(log.size()) + 1;
            LogClock first = new LogClock();
            log.subList(0, middle).forEach(entry -> entry.replay(first));
            LogClock rest = replay(copied(first, log.get(middle - 1).wallMs()), middle);
            for (LogClock each : List.of(whole, rest)) {
                assertThat(each.timeMs()).isEqualTo(clock.timeMs());
                assertThat(each.gapMs()).isEqualTo(clock.gapMs());
                assertThat(each.waits()).isEqualTo(clock.waits());
                for (Entry entry : log) {
                    assertThat(each.ageMs(entry.stampMs(), 0)).isEqualTo(clock.ageMs(entry.stampMs(), monotonicMs));
                }
            }
        }

        private static LogClock copied(LogClock clock, long wallMs) {
            ByteWriter out = new ByteWriter(64);
            clock.encode(out, wallMs, 0);
            ByteReader in = new ByteReader(out.toByteArray());
            LogClock copy = LogClock.decode(in);
            assertThat(in.consumed()).isTrue();
            return copy;
        }

        private long someTime() {
            return random.nextBoolean() ? random.nextInt(3_600_000) : random.nextInt(5) * DAY;
        }

        private void jumpMaybe() {
            switch (random.nextInt(4)) {
                case 0 -> jump(0);
                case 1 -> jump(random.nextInt(400) * DAY - 200 * DAY);
                case 2 -> jump(wrongMs + random.nextInt(10_000_000) - 5_000_000);
                default -> {
                    // It stays as it is.
                }
            }
        }

        private void jump(long toMs) {
            if (Math.abs(toMs - wrongMs) > 60_000) {
                sinceJumpMs = 0;
            }
            wrongMs = toMs;
        }
    }
}
