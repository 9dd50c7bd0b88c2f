package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.Repair;
import dev.recado.shard.ShardProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages any file of a data directory and starts: everything acknowledged is served, or it is refused with the name of
 * a file, and a repair brings up the rest with exactly the loss that it announced. {@code -Drecado.damage.trials=N}
 * runs more of them, {@code -Drecado.damage.seed=N} begins elsewhere.
 */
@Timeout(3600)
class DamageTrialTest {

    private static final int TRIALS = Integer.getInteger("recado.damage.trials", 60);
    private static final long FIRST_SEED = Long.getLong("recado.damage.seed", 0);
    private static final int KIB = 1024;
    private static final JournalSettings JOURNAL = new JournalSettings(64 * KIB, 96 * KIB, 256 * KIB);
    /** So long that no state is written: a replay begins at the journal's beginning. */
    private static final JournalSettings JOURNAL_WITHOUT_CHECKPOINTS =
            new JournalSettings(64 * KIB, 4096 * KIB, 8192 * KIB);

    private static final String[] TOPICS = {"sync", "also", "loose"};
    /** Stands for topics that are gone as a whole. */
    private static final String CATALOG = "$meta";

    private static final Pattern LOST = Pattern.compile("lost topic=(\\S+) partition=0 offsets=(\\d+)\\.\\.(\\d+) .*");

    @TempDir
    Path directory;

    private final Map<Outcome, Integer> outcomes = new TreeMap<>();
    private final List<Path> bases = new ArrayList<>();
    private final List<Integer> published = new ArrayList<>();

    private enum Outcome {
        /** Nothing of it mattered. */
        SERVED,
        /** One partition refuses its consumers; a repair said what is lost of it. */
        PARTITION_REPAIRED,
        /** Refused, repaired without losing a message. */
        REPAIRED_WHOLE,
        /** Refused, repaired with the loss that was announced. */
        REPAIRED_WITH_LOSS,
        /** Journal and segment were both hurt where no state tells how far they went: it looks as if never written. */
        END_UNTOLD,
        /** No state file is readable. */
        BEYOND_REPAIR
    }

    @Test
    void shouldServeOrSayWhatIsLost(TestReporter reporter) throws Exception {
        // Given
        prepare("stateless", 0, JOURNAL_WITHOUT_CHECKPOINTS);
        prepare("checkpointed", 0, JOURNAL);
        prepare("stopped-once", 1, JOURNAL);
        prepare("stopped-twice", 2, JOURNAL);
        // When
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
            Trial trial = new Trial(seed);
            try {
                outcomes.merge(trial.run(), 1, Integer::sum);
            } catch (Throwable failed) {
                throw new AssertionError("seed=" + seed + " " + trial.done, failed);
            }
        }
        // Then
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(TRIALS);
        reporter.publishEntry("damage trials", outcomes.toString());
    }

    /** A directory after {@code stops} stops in order and a crash, everything in segments and proven. */
    private void prepare(String name, int stops, JournalSettings journal) throws Exception {
        Path base = Files.createDirectories(directory.resolve(name));
        DataDirectory.open(new NioDisk(base), null, null, UUID::randomUUID).close();
        int each = 0;
        for (int life = 0; life <= stops; life++) {
            NodeRig rig = NodeRig.start(base, 2, journal);
            if (journal.equals(JOURNAL)) {
                rig.checkpoint();
            }
            each += live(rig, life, each);
            if (life < stops) {
                rig.close();
            } else {
                rig.crash();
            }
        }
        assertThat(Files.exists(base.resolve("state-0"))).isEqualTo(journal.equals(JOURNAL));
        bases.add(base);
        published.add(each);
    }

    private static int live(NodeRig rig, int life, int before) throws Exception {
        TestSession session = rig.sessionOn(0);
        session.create("gone" + life, TopicSettings.DEFAULT);
        int count = 150;
        for (String name : TOPICS) {
            Topic topic = life == 0 ? session.create(name, settings(name)) : session.topic(name);
            for (int i = before; i < before + count; i++) {
                session.publish(topic, 1, name + "-" + i + "-".repeat(100));
            }
        }
        await().until(() -> session.confirmed.get() == (long) count * TOPICS.length);
        session.publish(session.topic("gone" + life), 5, "x");
        session.subscribe("sync", "g", 40, StartPosition.first());
        await().until(() -> session.received.size() >= 40 || !session.answers.isEmpty());
        rig.flush();
        rig.settle();
        Topic gone = session.topic("gone" + life);
        session.call(() -> session.link().change(new CatalogChange.DeleteTopic(gone.uuid())));
        rig.settle();
        rig.node().journal().markWhenIdle();
        rig.settle();
        return count;
    }

    private static TopicSettings settings(String name) {
        return NodeRig.settings(
                TopicKind.LOG, name.equals("loose") ? Durability.OS : Durability.FSYNC, 1, 0, 0, Overflow.BLOCK, -1);
    }

    private final class Trial {
        private final Random random;
        private final Path place;
        private final Disk disk;
        private final int each;
        private String done = "";

        Trial(long seed) throws IOException {
            random = new Random(seed);
            int base = random.nextInt(bases.size());
            each = published.get(base);
            place = directory.resolve("trial");
            deleteAll(place);
            copyAll(bases.get(base), place);
            disk = new NioDisk(place);
            done = "base=" + bases.get(base).getFileName();
        }

        Outcome run() throws Exception {
            hurt();
            if (random.nextInt(5) == 0) {
                hurt();
            }
            Map<String, Set<Integer>> missing = new TreeMap<>();
            String refusal = start(missing);
            if (refusal == null && missing.isEmpty()) {
                return Outcome.SERVED;
            }
            if (refusal != null) {
                assertThat(refusal).contains("damaged file=");
            } else if (isEndUntold()
                    && isEnd(missing)
                    && Inspection.look(disk, 8).damages().isEmpty()) {
                return Outcome.END_UNTOLD;
            }
            Inspection.Findings findings = repair(missing, refusal);
            if (findings.stateLost()) {
                assertThat(refusal).isNotNull();
                return Outcome.BEYOND_REPAIR;
            }
            Map<String, Set<Integer>> left = new TreeMap<>();
            assertThat(start(left)).as("after repair of %s", findings).isNull();
            Map<String, Set<Integer>> announced = announced(findings);
            if (left.remove(CATALOG) != null) {
                assertThat(announced).containsKey(CATALOG);
            }
            announced.remove(CATALOG); // what is lost may be of a topic that nobody misses
            if (isEndUntold()) {
                announced.keySet().forEach(name -> assertThat(left).containsKey(name));
                return Outcome.REPAIRED_WITH_LOSS;
            }
            assertThat(left).as("lost after repair of %s", findings).isEqualTo(announced);
            if (refusal == null) {
                return Outcome.PARTITION_REPAIRED;
            }
            return left.isEmpty() ? Outcome.REPAIRED_WHOLE : Outcome.REPAIRED_WITH_LOSS;
        }

        /** Journal and segment were both hurt: the end of what both held may be told by nothing, as the page says. */
        private boolean isEndUntold() {
            return done.contains("journal/") && done.contains("topics/");
        }

        /** Whether of each topic only the last messages are missing. */
        private boolean isEnd(Map<String, Set<Integer>> missing) {
            return missing.values().stream()
                    .allMatch(
                            gone -> gone.contains(each - 1) && !gone.contains(-1) && gone.size() == each - least(gone));
        }

        private static int least(Set<Integer> numbers) {
            return numbers.stream().mapToInt(Integer::intValue).min().orElse(0);
        }

        private Map<String, Set<Integer>> announced(Inspection.Findings findings) {
            Map<String, Set<Integer>> lost = new TreeMap<>();
            for (String line : findings.losses()) {
                Matcher matcher = LOST.matcher(line);
                if (matcher.matches() && Arrays.asList(TOPICS).contains(matcher.group(1))) {
                    for (int i = Integer.parseInt(matcher.group(2)); i <= Integer.parseInt(matcher.group(3)); i++) {
                        lost.computeIfAbsent(matcher.group(1), name -> new TreeSet<>())
                                .add(i);
                    }
                }
            }
            boolean catalogLost = findings.losses().stream().anyMatch(line -> line.startsWith("lost changes"));
            if (catalogLost) {
                lost.computeIfAbsent(CATALOG, name -> new TreeSet<>()).add(0);
            }
            return lost;
        }

        /** Starts and collects what is missing of each topic; answers why it was refused, or null. */
        private String start(Map<String, Set<Integer>> missing) throws Exception {
            try (DataDirectory locked = DataDirectory.open(disk, null, null, UUID::randomUUID);
                    NodeRig rig = NodeRig.start(place, 2, JOURNAL)) {
                assertThat(locked.identity().shards()).isEqualTo(8);
                rig.flush();
                rig.settle();
                for (String name : TOPICS) {
                    Topic topic = rig.node().catalog().topic(TopicName.of(name));
                    if (topic == null) {
                        missing.computeIfAbsent(CATALOG, any -> new TreeSet<>()).add(0);
                        continue;
                    }
                    Set<Integer> gone = missing(rig, topic, name);
                    if (!gone.isEmpty()) {
                        missing.put(name, gone);
                    }
                    rig.shardOf(topic).forEachPartition(owner -> {
                        if (owner.topic().name().equals(topic.name())) {
                            assertThat(isEndUntold() || ShardProbe.nextOffset(owner) >= each)
                                    .as("offsets given twice")
                                    .isTrue();
                        }
                    });
                }
                return null;
            } catch (DamagedException refused) {
                return refused.getMessage();
            } catch (ExecutionException refused) {
                if (refused.getCause() instanceof DamagedException damage) {
                    return damage.getMessage();
                }
                throw refused;
            }
        }

        private Set<Integer> missing(NodeRig rig, Topic topic, String name) {
            Set<Integer> gone = new TreeSet<>();
            for (int i = 0; i < each; i++) {
                gone.add(i);
            }
            int partition = topic.partition(0).id();
            long from = 0;
            try {
                List<StoredRun> runs = rig.node().segments().store().read(partition, from, KIB * KIB);
                while (!runs.isEmpty()) {
                    for (StoredRun run : runs) {
                        seen(run, name, gone);
                        from = run.endOffset();
                    }
                    runs = rig.node().segments().store().read(partition, from, KIB * KIB);
                }
            } catch (DamagedException damage) {
                assertThat(damage.getMessage()).contains(topic.uuid().toString());
                gone.add(-1);
            }
            return gone;
        }

        private void seen(StoredRun run, String name, Set<Integer> gone) {
            int at = run.messagesStart();
            for (long offset = run.baseOffset(); offset < run.endOffset(); offset++) {
                int length = MessageLayout.length(run.bytes(), at);
                String text = new String(run.bytes(), at, length, StandardCharsets.ISO_8859_1);
                at += length;
                assertThat(text).contains(name + "-" + offset + "-");
                assertThat(gone.remove((int) offset)).as("delivered twice").isTrue();
            }
        }

        private Inspection.Findings repair(Map<String, Set<Integer>> missing, @Nullable String refusal)
                throws Exception {
            try (AutoCloseable lock = disk.lock(DataDirectory.LOCK)) {
                assertThat(lock).isNotNull();
                boolean identity = DataDirectory.identityDamage(disk) != null;
                if (identity) {
                    assertThat(DataDirectory.mendIdentity(disk, UUID::randomUUID))
                            .isNotEmpty();
                }
                Inspection.Findings findings = Inspection.look(disk, 8);
                assertThat(identity || !findings.damages().isEmpty())
                        .as("repair finds what a start misses: %s, or refuses: %s", missing, refusal)
                        .isTrue();
                findings.damages().forEach(damage -> assertThat(damage.file()).isNotEmpty());
                if (!findings.stateLost() && !findings.damages().isEmpty()) {
                    Repair.mendSegments(disk);
                    NodeRig.salvage(place, JOURNAL);
                    NodeRig.salvage(place, JOURNAL);
                    assertThat(Inspection.look(disk, 8).damages()).isEmpty();
                }
                return findings;
            }
        }

        private void hurt() throws IOException {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(place)) {
                files = walk.filter(Files::isRegularFile).sorted().toList();
            }
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            int kind = random.nextInt(bytes.length == 0 ? 1 : 7);
            done += " " + place.relativize(file) + " kind=" + kind;
            switch (kind) {
                case 0 -> Files.write(file, concat(bytes, garbage(1 + random.nextInt(2_000))));
                case 1, 2 -> {
                    bytes[spot(bytes)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                }
                case 3 -> {
                    int at = spot(bytes);
                    Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(2_000)), (byte) 0);
                    Files.write(file, bytes);
                }
                case 4 -> Files.write(file, Arrays.copyOf(bytes, spot(bytes)));
                case 5 -> {
                    int from = spot(bytes);
                    int to = spot(bytes);
                    System.arraycopy(bytes.clone(), from, bytes, to, Math.min(600, bytes.length - Math.max(from, to)));
                    Files.write(file, bytes);
                }
                default -> Files.delete(file);
            }
        }

        /** A place in the file, mostly where something is written. */
        private int spot(byte[] bytes) {
            int at = random.nextInt(bytes.length);
            for (int tries = 0; tries < 8 && bytes[at] == 0; tries++) {
                at = random.nextInt(bytes.length);
            }
            return at;
        }

        private byte[] garbage(int length) {
            byte[] garbage = new byte[length];
            random.nextBytes(garbage);
            return garbage;
        }
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path each : walk.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private static void deleteAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
