package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.journal.StorageException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The journal on a disk that does its worst. {@code -Drecado.sim.seeds=N} runs more seeds. */
@Timeout(600)
class JournalSimTest {

    static final int SEEDS = Integer.getInteger("recado.sim.seeds", 2000);
    private static final JournalSettings SETTINGS = new JournalSettings(16 * 1024, 32 * 1024, 64 * 1024);

    @Test
    void shouldKeepEveryAcknowledgedGroupThroughCrashes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            runReporting(seed, seed % 4 == 3);
        }
    }

    @Test
    void shouldDoTheSameForTheSameSeed() {
        for (long seed = 0; seed < SEEDS; seed += 20) {
            // Given
            World first = new World(seed, false);
            World second = new World(seed, false);
            // When
            first.run();
            second.run();
            // Then
            assertThat(second.disk.fingerprint()).isEqualTo(first.disk.fingerprint());
        }
    }

    @Test
    void shouldReportAFlippedBitBelowWhatWasSynced() {
        int damaged = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed, false);
            try {
                damaged += world.flipAndRecover() ? 1 : 0;
            } catch (Throwable e) {
                fail("seed=" + seed, e);
            }
        }
        assertThat(damaged).isGreaterThan(SEEDS / 4);
    }

    private static void runReporting(long seed, boolean failures) {
        try {
            new World(seed, failures).run();
        } catch (Throwable e) {
            fail("seed=" + seed, e);
        }
    }

    /** What was written, in order, and how much of it must survive. */
    private static final class World {
        private record Group(long position, List<byte[]> entries) {}

        final SimDisk disk;
        private final Random random;
        private final boolean failures;
        private final Entries entries = new Entries();
        private List<Group> groups = new ArrayList<>();
        private int ackedGroups;
        private long from;
        private long epoch;
        private Map<Integer, Long> indexesAtFrom = new TreeMap<>();
        private Map<Integer, Long> epochsAtFrom = new TreeMap<>();

        World(long seed, boolean failures) {
            disk = new SimDisk(seed);
            random = new Random(~seed);
            this.failures = failures;
        }

        void run() {
            int lives = 2 + random.nextInt(4);
            for (int life = 0; life < lives; life++) {
                try {
                    if (random.nextInt(4) > 0) {
                        disk.losePowerAfter(1 + random.nextInt(60));
                    }
                    if (failures) {
                        disk.failAfter(1 + random.nextInt(60));
                    }
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
        }

        private void live() {
            JournalWriter writer = JournalWriter.resume(disk, SETTINGS, recover(), 0, random::nextLong);
            epoch++;
            int steps = random.nextInt(40);
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> writer.prepareNext();
                    case 1 -> checkpoint(writer);
                    case 2 -> writer.writeMark();
                    default -> write(writer);
                }
            }
            if (random.nextBoolean()) {
                writer.close();
                ackedGroups = groups.size();
            }
        }

        private void write(JournalWriter writer) {
            List<byte[]> group = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                byte[] body = new byte[random.nextInt(30) == 0 ? random.nextInt(30_000) : random.nextInt(900)];
                random.nextBytes(body);
                byte[] entry = entries.next(random.nextInt(3), epoch, body);
                writer.add(entry, 0, entry.length);
                group.add(entry);
            }
            boolean sync = random.nextInt(5) > 0;
            groups.add(new Group(writer.position(), group));
            writer.write(sync);
            if (sync) {
                ackedGroups = groups.size();
            }
        }

        /** Moves the start up to some acknowledged group, as a checkpoint that made a state file durable does. */
        private void checkpoint(JournalWriter writer) {
            if (ackedGroups == 0) {
                return;
            }
            int kept = random.nextInt(ackedGroups);
            from = groups.get(kept).position();
            for (Group group : groups.subList(0, kept)) {
                group.entries().forEach(this::noteAtFrom);
            }
            groups = new ArrayList<>(groups.subList(kept, groups.size()));
            ackedGroups -= kept;
            writer.releaseBelow(from);
        }

        private void noteAtFrom(byte[] entry) {
            EntryHeader header = Objects.requireNonNull(EntryLayout.read(entry, 0, entry.length));
            indexesAtFrom.put(header.shard(), header.index());
            epochsAtFrom.put(header.shard(), header.epoch());
        }

        private RecoveredJournal recover() {
            Entries.Collector seen = new Entries.Collector();
            RecoveredJournal recovered = JournalRecovery.recover(disk, from, seen);
            int kept = matchGroups(seen.entries);
            assertThat(kept).as("acknowledged groups recovered").isGreaterThanOrEqualTo(ackedGroups);
            groups = new ArrayList<>(groups.subList(0, kept));
            ackedGroups = kept;
            entries.resetTo(recovered, indexesAtFrom, epochsAtFrom);
            return recovered;
        }

        /** Asserts that what was seen are whole groups in the order of writing, and answers how many. */
        private int matchGroups(List<byte[]> seen) {
            int at = 0;
            int kept = 0;
            while (at < seen.size()) {
                assertThat(kept).as("groups invented").isLessThan(groups.size());
                for (byte[] expected : groups.get(kept).entries()) {
                    assertThat(at < seen.size() && Arrays.equals(seen.get(at), expected))
                            .as("entry %s", at)
                            .isTrue();
                    at++;
                }
                kept++;
            }
            return kept;
        }

        /** Everything synced and marked, then one bit flipped: damage is told, or nothing is missing. */
        boolean flipAndRecover() {
            JournalWriter writer = JournalWriter.resume(disk, SETTINGS, recover(), 0, random::nextLong);
            int count = 3 + random.nextInt(20);
            for (int i = 0; i < count; i++) {
                write(writer);
            }
            if (random.nextBoolean()) {
                writer.close();
            } else {
                writer.write(true);
                writer.writeMark();
            }
            disk.kill();
            List<String> names = disk.list(DataDirectory.JOURNAL);
            String path = DataDirectory.JOURNAL + "/" + names.get(random.nextInt(names.size()));
            disk.flip(path, random.nextInt(disk.content(path).length), random.nextInt(8));
            Entries.Collector seen = new Entries.Collector();
            try {
                JournalRecovery.recover(disk, from, seen);
            } catch (DamagedException e) {
                assertThat(e.file()).isEqualTo(path);
                matchPrefix(seen.entries);
                return true;
            }
            assertThat(matchGroups(seen.entries)).isEqualTo(groups.size());
            return false;
        }

        private void matchPrefix(List<byte[]> seen) {
            List<byte[]> all =
                    groups.stream().flatMap(group -> group.entries().stream()).toList();
            for (int i = 0; i < seen.size(); i++) {
                assertThat(seen.get(i)).isEqualTo(all.get(i));
            }
        }
    }

    @Test
    void shouldGoOnAfterAFullDisk() {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            // Given
            SimDisk disk = new SimDisk(seed);
            Random random = new Random(seed);
            Entries entries = new Entries();
            List<byte[]> written = new ArrayList<>();
            JournalWriter writer = JournalWriter.resume(disk, SETTINGS, RecoveredJournal.none(), 0, random::nextLong);
            disk.capacity(disk.usedBytes() + random.nextInt(30_000));
            // When
            int refusals = 0;
            for (int i = 0; i < 60; i++) {
                byte[] entry = entries.next(0, 1, new byte[random.nextInt(3000)]);
                writer.add(entry, 0, entry.length);
                written.add(entry);
                try {
                    writer.write(true);
                } catch (StorageException e) {
                    assertThat(e.kind()).isEqualTo(Kind.FULL);
                    refusals++;
                    if (refusals % 3 == 0) {
                        disk.capacity(disk.usedBytes() + random.nextInt(60_000));
                    }
                }
            }
            disk.capacity(Long.MAX_VALUE);
            writer.write(true);
            disk.restart();
            // Then
            Entries.Collector seen = new Entries.Collector();
            JournalRecovery.recover(disk, 0, seen);
            assertThat(seen.entries).as("seed %s", seed).hasSameSizeAs(written);
            for (int i = 0; i < written.size(); i++) {
                assertThat(seen.entries.get(i)).isEqualTo(written.get(i));
            }
        }
    }
}
