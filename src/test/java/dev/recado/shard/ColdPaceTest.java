package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColdPaceTest {

    private static final long SLICE_NANOS = 100_000;
    private static final long RECENT_MS = PublishesUnderWay.RECENT_NANOS / 1_000_000;

    private final FakeLoop loop = new FakeLoop();
    private PublishesUnderWay publishes = new PublishesUnderWay(loop);
    private ColdPace pace = new ColdPace(loop, publishes);

    /** A loop without sockets whose clock a test moves. */
    private static final class FakeLoop implements ColdPace.Home, TimeSource {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final ArrayDeque<Runnable> behindSockets = new ArrayDeque<>();
        private final List<Timed> timers = new ArrayList<>();
        private long nanos;

        private record Timed(long dueNanos, Runnable task) {}

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeBehindSockets(Runnable task) {
            behindSockets.add(task);
        }

        @Override
        public void after(long ms, Runnable task) {
            timers.add(new Timed(nanos + ms * 1_000_000, task));
        }

        @Override
        public long wallMs() {
            return monotonicMs();
        }

        @Override
        public long monotonicMs() {
            return nanos / 1_000_000;
        }

        @Override
        public long monotonicNanos() {
            return nanos;
        }

        /** Runs what there is, up to the next look at the sockets; answers whether there was anything. */
        boolean turn() {
            for (Timed timer : List.copyOf(timers)) {
                if (timer.dueNanos() <= nanos) {
                    timers.remove(timer);
                    tasks.add(timer.task());
                }
            }
            boolean any = !tasks.isEmpty() || !behindSockets.isEmpty();
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
            tasks.addAll(behindSockets);
            behindSockets.clear();
            return any;
        }

        void runAll() {
            for (int turns = 0; turn(); turns++) {
                assertThat(turns).as("turns at once").isLessThan(1_000);
            }
        }
    }

    /** A group that always has more to hand out. */
    private final class Reader implements Runnable {
        private long nanos = SLICE_NANOS;
        private long slices;
        private long bytes;
        private boolean more = true;

        @Override
        public void run() {
            long now = more ? pace.begin(this) : 0;
            if (now == Long.MAX_VALUE) {
                bytes += ColdPace.SLICE_BYTES;
            } else if (now > 0) {
                slices++;
                bytes += Math.min(now, ColdPace.SLICE_BYTES);
                loop.nanos += nanos;
                pace.await(this);
            }
        }
    }

    private void somebodyPublishes() {
        publishes.begun();
        publishes.ended(1);
    }

    @Test
    void shouldNotHoldUpAnybodyWhileNobodyPublishes() {
        assertThat(pace.begin(() -> {})).isEqualTo(Long.MAX_VALUE);
        assertThat(loop.turn()).isFalse();
    }

    @Test
    void shouldServeSocketsBeforeEachSlice() {
        // Given
        somebodyPublishes();
        Reader reader = new Reader();

        // When
        reader.run();

        // Then
        assertThat(reader.slices).isZero();
        assertThat(pace.isWaiting(reader)).isTrue();
        for (int turn = 1; turn <= 10; turn++) {
            loop.turn();
            assertThat(reader.slices).as("turn %d", turn).isLessThan(turn);
        }
        assertThat(reader.slices).isPositive();
    }

    @Test
    void shouldHandOutNothingWhileAPublishIsUnderWay() {
        // Given
        publishes.begun();
        Reader reader = new Reader();
        reader.run();
        loop.runAll();
        assertThat(reader.slices).isZero();

        // When
        reader.more = false;
        publishes.ended(1);
        reader.more = true;
        loop.turn();
        loop.turn();
        loop.turn();

        // Then
        assertThat(reader.slices).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1_000_000_000_000L, Long.MAX_VALUE - 1_000_000})
    void shouldGiveWayWhateverTheClockCountsFrom(long nanos) {
        // Given
        loop.nanos = nanos;
        publishes = new PublishesUnderWay(loop);
        pace = new ColdPace(loop, publishes);
        publishes.begun();
        Reader reader = new Reader();

        // When
        reader.run();
        loop.runAll();

        // Then
        assertThat(reader.slices).isZero();
    }

    @Test
    void shouldNotKeepASliceThatWasNotBegunInItsTurn() {
        // Given a group that has nothing to hand out when its turn comes
        somebodyPublishes();
        Runnable group = () -> {};
        pace.await(group);
        loop.runAll();
        pace.endTurn(group);

        // When it has, and a publish is under way
        publishes.begun();
        long bytes = pace.begin(group);

        // Then
        assertThat(bytes).isZero();
        assertThat(pace.isWaiting(group)).isTrue();
    }

    @Test
    void shouldForgetWhoReadsNoMore() {
        // Given one that waits, and one whose turn has come
        somebodyPublishes();
        List<String> woken = new ArrayList<>();
        Runnable granted = () -> woken.add("granted");
        Runnable waits = () -> woken.add("waits");
        pace.await(granted);
        loop.runAll();
        pace.await(waits);

        // When
        pace.forget(granted);
        pace.forget(waits);
        loop.runAll();

        // Then
        assertThat(woken).containsExactly("granted");
        assertThat(pace.isWaiting(waits)).isFalse();
        assertThat(pace.begin(granted)).isZero();
    }

    @Test
    void shouldServeReadersInTurn() {
        somebodyPublishes();
        List<Reader> readers = List.of(new Reader(), new Reader(), new Reader());
        readers.forEach(Reader::run);
        for (int i = 0; i < 31; i++) {
            loop.turn();
        }
        long most = readers.stream().mapToLong(reader -> reader.slices).max().orElseThrow();
        assertThat(most).isGreaterThan(5);
        assertThat(readers).allSatisfy(reader -> assertThat(reader.slices).isBetween(most - 1, most));
    }

    @Test
    void shouldLeaveReadersMostOfTheTimeWhileSomethingIsAlwaysUnderWay() {
        // Given
        publishes.begun();
        Reader reader = new Reader();
        reader.run();

        // When a second passes, and slices take what they take of it
        while (loop.nanos < 1_000_000_000) {
            if (!loop.turn()) {
                loop.nanos += SLICE_NANOS;
            }
        }

        // Then
        long slicesOfASecond = 1_000_000_000 / SLICE_NANOS;
        assertThat(reader.slices).isBetween(slicesOfASecond * 6 / 10, slicesOfASecond * 85 / 100);
    }

    /** 2,000 messages a second, of which each is under way for a part of the time. */
    @ParameterizedTest
    @CsvSource({"150, 0, 70, 80", "400, 70, 55, 70"})
    void shouldUseTheTimeBetweenPublishes(long underWayMicros, long duringMax, long shareMin, long shareMax) {
        // Given
        Reader reader = new Reader();
        somebodyPublishes();
        reader.nanos = 10_000;
        reader.run();
        long during = 0;

        // When a second passes in steps
        boolean underWay = false;
        while (loop.nanos < 1_000_000_000) {
            boolean now = loop.nanos / 1_000 % 500 < underWayMicros;
            if (now && !underWay) {
                publishes.begun();
            } else if (!now && underWay) {
                publishes.ended(1);
            }
            underWay = now;
            long before = reader.slices;
            if (!loop.turn()) {
                loop.nanos += 10_000;
            }
            during += now ? reader.slices - before : 0;
        }

        // Then
        assertThat(during * 100 / reader.slices).as("%% under way").isLessThanOrEqualTo(duringMax);
        long shares = reader.slices * reader.nanos / 10_000_000;
        assertThat(shares).as("%% of the time").isBetween(shareMin, shareMax);
    }

    @Test
    void shouldNotHoldUpAnybodyAnyMoreOnceNobodyPublishes() {
        // Given two that wait
        publishes.begun();
        List<Reader> readers = List.of(new Reader(), new Reader());
        readers.forEach(Reader::run);
        loop.runAll();
        readers.forEach(reader -> reader.more = false);
        publishes.ended(1);
        loop.nanos += RECENT_MS * 1_000_000;
        loop.runAll();

        // When
        long bytes = pace.begin(readers.get(0));

        // Then
        assertThat(bytes).isEqualTo(Long.MAX_VALUE);
    }

    /** Whatever comes when, also a commit on another thread at any moment, nobody waits for good. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldWakeWhoeverWaits(long seed) {
        Random random = new Random(seed);
        List<Reader> readers = List.of(new Reader(), new Reader(), new Reader());
        readers.forEach(reader -> reader.more = false);
        int underWay = 0;
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(5)) {
                case 0 -> {
                    publishes.begun();
                    underWay++;
                }
                case 1 -> {
                    publishes.ended(Math.min(1, underWay));
                    underWay = Math.max(0, underWay - 1);
                }
                case 2 -> {
                    Reader reader = readers.get(random.nextInt(readers.size()));
                    reader.more = !reader.more;
                    if (reader.more) {
                        pace.await(reader);
                    }
                }
                case 3 -> loop.nanos += random.nextInt(400_000);
                default -> loop.turn();
            }
            if (step % 500 == 499) {
                assertNobodyStarves(readers);
            }
        }
    }

    private void assertNobodyStarves(List<Reader> readers) {
        List<Long> before = readers.stream().map(reader -> reader.bytes).toList();
        for (int i = 0; i < 200; i++) {
            loop.turn();
            loop.nanos += 50_000;
        }
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).more) {
                assertThat(readers.get(i).bytes).isGreaterThan(before.get(i));
            }
        }
    }
}
