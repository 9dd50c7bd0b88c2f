package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.core.topic.Durability;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.Repair;
import dev.recado.shard.PartitionOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts on directories of which something is damaged; {@link DamageTrialTest} damages at random. */
@Timeout(60)
class DamagedStartTest {

    private static final int KIB = 1024;
    private static final JournalSettings JOURNAL = new JournalSettings(256 * KIB, 1024 * KIB, 4096 * KIB);
    private static final int SECTOR = 512;

    @TempDir
    Path directory;

    @Test
    void shouldGoOnFromTheOlderStateWhereverABitOfTheNewerFlips() throws Exception {
        // Given
        for (int life = 0; life < 2; life++) {
            try (NodeRig rig = start()) {
                publish(rig, "orders", Durability.FSYNC, 100);
            }
        }
        Path newer = directory.resolve("state-1");
        byte[] sound = Files.readAllBytes(newer);
        for (int at = 0; at < sound.length; at += sound.length / 8) {
            byte[] hurt = sound.clone();
            hurt[at] ^= 4;
            Files.write(newer, hurt);

            // When
            try (NodeRig rig = start()) {

                // Then
                assertThat(end(rig, "orders")).isEqualTo(200);
                assertThat(readable(rig, "orders")).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldReplayFromTheBeginningWhereTheOnlyStateIsDamaged() throws Exception {
        // Given
        try (NodeRig rig = start()) {
            publish(rig, "orders", Durability.FSYNC, 100);
        }
        flip(directory.resolve("state-0"), 30);

        // When
        try (NodeRig rig = start()) {

            // Then
            assertThat(readable(rig, "orders")).isEqualTo(100);
        }
    }

    /** What tells which topics the segments belong to is gone: with the segments' messages it must not go too. */
    @Test
    void shouldChangeNothingWhereBothStatesAreMissingAndTheJournalNeedsThem() throws Exception {
        // Given
        try (NodeRig rig = start()) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", settings(Durability.FSYNC, 1));
            for (int i = 1; i <= 4; i++) {
                session.publish(topic, 1, "x".repeat(300 * KIB));
                int so = i;
                await().until(() -> session.confirmed.get() == so);
                rig.checkpoint();
            }
        }
        Files.delete(directory.resolve("state-0"));
        Files.delete(directory.resolve("state-1"));

        // When / Then
        assertThatThrownBy(this::start)
                .hasRootCauseInstanceOf(DamagedException.class)
                .hasStackTraceContaining("both state files are missing");
        assertStateLost("both state files are missing");
    }

    /** Without a state an empty journal looks like that of a new directory; what segments hold says otherwise. */
    @Test
    void shouldRefuseWhereTheJournalIsGoneBeforeAnyState() throws Exception {
        // Given
        crashWithoutCheckpoint();
        assertThat(directory.resolve("state-0")).doesNotExist();

        // When
        deleteJournal();

        // Then
        assertThatThrownBy(this::start)
                .hasRootCauseInstanceOf(DamagedException.class)
                .hasStackTraceContaining("damaged file=journal")
                .hasStackTraceContaining("though segments hold messages");
        repair();
        start().close();
    }

    @Test
    void shouldTellThatTheCreationOfATopicIsLostWithTheJournal() throws Exception {
        // Given
        start().close();
        crashWithoutCheckpoint();

        // When
        deleteJournal();
        Inspection.Findings findings = Inspection.look(new NioDisk(directory), 8);

        // Then
        assertThatThrownBy(this::start).hasStackTraceContaining("no file holds the start position");
        assertThat(findings.losses())
                .singleElement()
                .asString()
                .startsWith("lost changes of topics and groups")
                .contains("directory=topics/");
        assertThat(findings.damages()).allMatch(DamagedException::isOfJournal);
        repair();
        start().close();
    }

    private void assertStateLost(String why) {
        Inspection.Findings findings = Inspection.look(new NioDisk(directory), 8);
        assertThat(findings.stateLost()).isTrue();
        assertThat(findings.damages()).singleElement().satisfies(damage -> assertThat(damage)
                .hasMessageContaining(why));
    }

    private void crashWithoutCheckpoint() throws Exception {
        NodeRig rig = start();
        publish(rig, "orders", Durability.FSYNC, 10);
        rig.flush();
        rig.settle();
        rig.crash();
    }

    private void deleteJournal() throws IOException {
        for (Path file : files(directory.resolve("journal"), ".journal")) {
            Files.delete(file);
        }
    }

    @Test
    void shouldRefuseAJournalThatEndsBeforeASegmentOfASyncedTopic() throws Exception {
        // Given
        int before = crashWithSegments("orders", Durability.FSYNC);

        // When / Then
        assertThatThrownBy(this::start)
                .hasRootCauseInstanceOf(DamagedException.class)
                .hasStackTraceContaining("file=journal/0000000000000001.journal byte=")
                .hasStackTraceContaining("topic=orders partition=0")
                .hasStackTraceContaining("recado repair --accept-loss");

        Inspection.Findings findings = Inspection.look(new NioDisk(directory), 8);
        assertThat(findings.damages()).hasSize(1);
        assertThat(findings.losses()).isEmpty();
        repair();
        try (NodeRig rig = start()) {
            assertThat(readable(rig, "orders")).isEqualTo(before);
            publish(rig, "orders", Durability.FSYNC, 10);
            assertThat(end(rig, "orders")).isEqualTo(before + 10);
        }
    }

    @Test
    void shouldKeepWhatASegmentHoldsOfATopicThatIsNotSynced() throws Exception {
        // Given
        int before = crashWithSegments("loose", Durability.OS);

        // When
        for (int life = 0; life < 3; life++) {
            NodeRig rig = start();
            // Then
            assertThat(readable(rig, "loose")).isEqualTo(before + life * 10);
            publish(rig, "loose", Durability.OS, 10);
            assertThat(end(rig, "loose")).isEqualTo(before + life * 10 + 10);
            rig.crash();
        }
    }

    @Test
    void shouldLeaveOtherPartitionsReadableWhereASegmentIsMissing() throws Exception {
        // Given
        try (NodeRig rig = start()) {
            TestSession session = rig.sessionOn(0);
            session.publish(session.create("many", settings(Durability.FSYNC, 4)), 100, "m");
            await().until(() -> session.confirmed.get() == 100);
        }
        List<Path> segments = files(directory.resolve("topics"), ".segment");
        assertThat(segments).hasSize(4);
        Files.delete(segments.get(1));

        // When
        try (NodeRig rig = start()) {
            Topic topic = rig.sessionOn(0).topic("many");
            long damaged = topic.partitions().stream()
                    .filter(partition -> rig.node().segments().store().damage(partition.id()) != null)
                    .count();
            long read = topic.partitions().stream()
                    .filter(partition -> rig.node().segments().store().damage(partition.id()) == null)
                    .mapToLong(partition -> rig.node().segments().store().read(partition.id(), 0, KIB * KIB).stream()
                            .mapToLong(run -> run.count())
                            .sum())
                    .sum();

            // Then
            assertThat(damaged).isEqualTo(1);
            assertThat(read).isEqualTo(75);
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldFindADamagedIdentityAndMendItFromItsCopy() throws Exception {
        // Given
        NioDisk disk = new NioDisk(directory);
        DataDirectory.Identity identity;
        try (DataDirectory formatted = DataDirectory.open(disk, "n7", null, java.util.UUID::randomUUID)) {
            identity = formatted.identity();
        }
        for (int at = 0; at < 120; at += 7) {
            flip(directory.resolve("identity"), at);

            // When
            DamagedException damage = Objects.requireNonNull(DataDirectory.identityDamage(disk));
            List<String> told = DataDirectory.mendIdentity(disk, java.util.UUID::randomUUID);

            // Then
            assertThat(damage).hasMessageContaining("file=identity");
            assertThat(told).singleElement().asString().contains("nothing is lost");
            assertThat(DataDirectory.readIdentity(disk)).isEqualTo(identity);
        }
    }

    private NodeRig start() throws Exception {
        return NodeRig.start(directory, 2, JOURNAL);
    }

    private void repair() throws Exception {
        Repair.mendSegments(new NioDisk(directory));
        NodeRig.salvage(directory, JOURNAL);
        NodeRig.salvage(directory, JOURNAL);
        assertThat(Inspection.look(new NioDisk(directory), 8).damages()).isEmpty();
    }

    /** Publishes, has it all in segments, crashes, and cuts the journal's last groups off; answers how many it were. */
    private int crashWithSegments(String name, Durability durability) throws Exception {
        NodeRig rig = start();
        for (int i = 0; i < 10; i++) {
            publish(rig, name, durability, 10);
        }
        rig.flush();
        rig.settle();
        rig.crash();
        Path journal = files(directory.resolve("journal"), ".journal").get(0);
        byte[] bytes = Files.readAllBytes(journal);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        // The last groups hold the marks, the next ones messages.
        Arrays.fill(bytes, end / SECTOR * SECTOR - 12 * SECTOR, bytes.length, (byte) 0);
        Files.write(journal, bytes);
        return 100;
    }

    private static void publish(NodeRig rig, String name, Durability durability, int count) throws Exception {
        TestSession session = rig.sessionOn(0);
        Topic topic = rig.node().catalog().topic(TopicName.of(name));
        session.publish(topic == null ? session.create(name, settings(durability, 1)) : topic, count, "m");
        await().until(() -> session.confirmed.get() == count);
    }

    private static TopicSettings settings(Durability durability, int partitions) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.DURABILITY, durability).with(TopicSettings.PARTITIONS, partitions);
    }

    private static PartitionOwner owner(NodeRig rig, String name) throws Exception {
        Topic topic = rig.sessionOn(0).topic(name);
        return Objects.requireNonNull(
                rig.shardOf(topic).existing(topic.partition(0).id()));
    }

    private static long end(NodeRig rig, String name) throws Exception {
        return owner(rig, name).end();
    }

    /** Messages that a new group gets. */
    private static int readable(NodeRig rig, String name) throws Exception {
        TestSession session = rig.sessionOn(0);
        long end = end(rig, name);
        session.subscribe(name, "reader" + System.nanoTime(), 10_000, StartPosition.first());
        await().until(() -> session.received.size() >= end || !session.answers.isEmpty());
        return session.received.size();
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static List<Path> files(Path root, String suffix) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
