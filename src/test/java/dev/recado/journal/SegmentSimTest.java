package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segments, state file and a replay that stands for the journal's, on a disk that does its worst. */
@Timeout(600)
class SegmentSimTest {

    private static final SegmentSettings SETTINGS = new SegmentSettings(2048, 256, 1024, 10);

    @Test
    void shouldHoldEverythingAfterStateAndReplay() {
        for (long seed = 0; seed < JournalSimTest.SEEDS; seed++) {
            try {
                new World(seed).run();
            } catch (Throwable e) {
                fail("seed=" + seed, e);
            }
        }
    }

    @Test
    void shouldDoTheSameForTheSameSeed() {
        for (long seed = 0; seed < JournalSimTest.SEEDS; seed += 20) {
            // Given
            World first = new World(seed);
            World second = new World(seed);
            // When
            first.run();
            second.run();
            // Then
            assertThat(second.disk.fingerprint()).isEqualTo(first.disk.fingerprint());
        }
    }

    /** One logged operation, as the journal would replay it. */
    private record Op(int partition, @Nullable StoredRun run, long trim) {}

    private static final class World {
        final SimDisk disk;
        private final Random random;
        private final boolean failures;
        private final List<Op> log = new ArrayList<>();
        private final Map<Integer, Long> nextOffset = new HashMap<>();
        private SegmentStore store;
        private long timeMs = 1000;
        private long wallAheadMs;

        World(long seed) {
            disk = new SimDisk(seed);
            random = new Random(~seed);
            failures = seed % 4 == 3;
            store = new SegmentStore(disk, SETTINGS);
        }

        void run() {
            int lives = 2 + random.nextInt(4);
            for (int life = 0; life < lives; life++) {
                try {
                    if (random.nextInt(4) > 0) {
                        disk.losePowerAfter(1 + random.nextInt(120));
                    }
                    if (failures) {
                        disk.failAfter(1 + random.nextInt(120));
                    }
                    recover();
                    live();
                } catch (SimDisk.PowerLoss e) {
                    disk.restart();
                    continue;
                } catch (StorageException e) {
                    assertThat(failures).as("no failure was injected: %s", e).isTrue();
                }
                if (random.nextBoolean()) {
                    disk.kill();
                } else {
                    disk.restart();
                }
            }
            recover();
            checkAll();
        }

        private void recover() {
            store = new SegmentStore(disk, SETTINGS);
            if (random.nextInt(4) == 0) {
                damageNewerState();
            }
            StateFile.State state = StateFile.read(disk);
            int from = 0;
            if (state != null) {
                byte[] section = Objects.requireNonNull(state.sections().get(SegmentStore.STATE_SECTION));
                store.readState(new ByteReader(section));
                from = (int) state.journalPosition();
            }
            for (int partition = 0; partition < 3; partition++) {
                store.open(partition, "topics/uuid/" + partition);
            }
            for (Op op : log.subList(from, log.size())) {
                apply(op);
            }
            checkAll();
            store.onStatesKnown(StateFile.readAll(disk).stream()
                    .map(each -> Objects.requireNonNull(each.sections().get(SegmentStore.STATE_SECTION)))
                    .toList());
        }

        /** So that the start is from the state before. */
        private void damageNewerState() {
            List<StateFile.State> states = StateFile.readAll(disk);
            for (String name : List.of("state-0", "state-1")) {
                if (states.size() == 2
                        && Objects.requireNonNull(StateFile.decode(disk.content(name)))
                                        .sequence()
                                == states.get(0).sequence()) {
                    disk.cut(name, 20);
                    return;
                }
            }
        }

        private void apply(Op op) {
            if (op.run() != null) {
                store.append(List.of(op.run()));
            } else {
                store.deleteBelow(op.partition(), op.trim());
            }
        }

        private void live() {
            int steps = random.nextInt(60);
            for (int step = 0; step < steps; step++) {
                int partition = random.nextInt(3);
                switch (random.nextInt(16)) {
                    case 0 -> store.sync();
                    case 1 -> checkpoint();
                    case 2 -> store.emptyTrash(timeMs, random.nextBoolean());
                    case 3 -> trim(partition);
                    case 4, 5 -> checkRead(partition);
                    case 6 -> checkTimes(partition);
                    default -> append(partition);
                }
            }
        }

        private void append(int partition) {
            List<StoredRun> runs = new ArrayList<>();
            for (int i = random.nextInt(3) == 0 ? random.nextInt(8) : 0; i >= 0; i--) {
                runs.add(nextRun(partition));
            }
            runs.forEach(run -> log.add(new Op(partition, run, 0)));
            store.append(runs);
        }

        private StoredRun nextRun(int partition) {
            long offset = nextOffset.getOrDefault(partition, 0L) + (random.nextInt(6) == 0 ? random.nextInt(50) : 0);
            byte[] payload = new byte[random.nextInt(20) == 0 ? random.nextInt(4000) : random.nextInt(120)];
            random.nextBytes(payload);
            timeMs += random.nextInt(5);
            if (random.nextInt(10) == 0) {
                wallAheadMs = random.nextInt(3) * 50L;
            }
            StoredRun run = Runs.run(partition, offset, 1 + random.nextInt(3), payload, timeMs + wallAheadMs, timeMs);
            nextOffset.put(partition, run.endOffset());
            return run;
        }

        private void trim(int partition) {
            long end = nextOffset.getOrDefault(partition, 0L);
            Op op = new Op(partition, null, end == 0 ? 0 : random.nextInt((int) end + 1));
            log.add(op);
            apply(op);
        }

        private void checkpoint() {
            ByteWriter section = new ByteWriter(64);
            store.writeState(section);
            StateFile.write(disk, log.size(), Map.of(SegmentStore.STATE_SECTION, section.toByteArray()));
            store.onStateWritten();
            store.emptyTrash(timeMs, random.nextBoolean());
        }

        private void checkRead(int partition) {
            long end = nextOffset.getOrDefault(partition, 0L);
            long from = Math.max(trimmed(partition), random.nextInt((int) end + 1));
            List<String> expected = expected(partition, from);
            List<String> runs = Runs.texts(store.read(partition, from, 1 + random.nextInt(1000)));
            assertThat(runs).isEqualTo(expected.subList(0, runs.size()));
            assertThat(runs.isEmpty()).isEqualTo(expected.isEmpty());
        }

        /** Finding by time is as looking at everything would be. */
        private void checkTimes(int partition) {
            List<StoredRun> stored = new ArrayList<>();
            long at = 0;
            for (List<StoredRun> runs = store.read(partition, at, 700);
                    !runs.isEmpty();
                    runs = store.read(partition, at, 700)) {
                stored.addAll(runs);
                at = runs.get(runs.size() - 1).endOffset();
            }
            long end = store.endOffset(partition);
            long wanted = timeMs - random.nextInt(200);
            long now = timeMs + random.nextInt(100);
            assertThat(store.offsetOf(partition, wanted, now))
                    .isEqualTo(first(stored, end, run -> run.publishTimeMs() >= wanted && run.publishTimeMs() <= now));
            assertThat(store.offsetLoggedAt(partition, wanted))
                    .isEqualTo(first(stored, end, run -> run.logTimeMs() >= wanted));
        }

        private static long first(List<StoredRun> runs, long end, Predicate<StoredRun> wanted) {
            return runs.stream()
                    .filter(wanted)
                    .mapToLong(StoredRun::baseOffset)
                    .findFirst()
                    .orElse(end);
        }

        private void checkAll() {
            for (int partition = 0; partition < 3; partition++) {
                long from = trimmed(partition);
                List<String> found = new ArrayList<>();
                for (List<StoredRun> runs = store.read(partition, from, 700);
                        !runs.isEmpty();
                        runs = store.read(partition, from, 700)) {
                    found.addAll(Runs.texts(runs));
                    from = runs.get(runs.size() - 1).endOffset();
                }
                assertThat(found).isEqualTo(expected(partition, trimmed(partition)));
                assertThat(store.endOffset(partition)).isEqualTo(nextOffset.getOrDefault(partition, 0L));
            }
        }

        private long trimmed(int partition) {
            return log.stream()
                    .filter(op -> op.partition() == partition)
                    .mapToLong(Op::trim)
                    .max()
                    .orElse(0);
        }

        private List<String> expected(int partition, long from) {
            List<String> texts = new ArrayList<>();
            for (Op op : log) {
                StoredRun run = op.run();
                if (run != null && op.partition() == partition && run.endOffset() > from) {
                    texts.add(Runs.text(run));
                }
            }
            return texts;
        }
    }
}
