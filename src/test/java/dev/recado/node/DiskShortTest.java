package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.DiskFile;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.StateFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is low or full, or a process without descriptors: what is given back, what goes on, what recovers. */
@Timeout(120)
class DiskShortTest {

    private static final int STORED_MEBIBYTES = 24;
    /** More than the journal can give back by itself, less than what is stored. */
    private static final long FREE_MIN = 20L * NodeRig.MIB;

    /** The active file and the one before it, two that wait, one that is ready, and the reserve. */
    private static final long JOURNAL_BYTES_MAX = 6L * 4 * NodeRig.MIB;
    /** What low disk may take to give space back. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final JournalSettings TINY_JOURNAL = new JournalSettings(NodeRig.MIB, NodeRig.MIB, 2 * NodeRig.MIB);

    @TempDir
    Path directory;

    private static Topic store(NodeRig rig, TestSession session, String name, TopicSettings settings) throws Exception {
        Topic topic = session.create(name, settings);
        long before = session.confirmed.get();
        for (int sent = 0; sent < STORED_MEBIBYTES; sent += 2) {
            long wanted = before + sent + 2;
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 2));
            await().atMost(PATIENCE).until(() -> session.confirmed.get() >= wanted);
        }
        rig.flush();
        await().atMost(PATIENCE).until(() -> rig.disk().usedBytes("topics") >= STORED_MEBIBYTES * (long) NodeRig.MIB);
        return topic;
    }

    /** Leaves a fifth of what is wanted free. */
    private static void makeLow(NodeRig rig) {
        rig.disk().capacity(rig.disk().usedBytes() + FREE_MIN / 5);
        await().atMost(PATIENCE).until(() -> rig.node().diskLow());
    }

    private long sequence() {
        StateFile.State state = StateFile.read(new NioDisk(directory));
        return state == null ? 0 : state.sequence();
    }

    private static void awaitSpace(NodeRig rig) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(rig.disk().usedBytes("topics") + rig.disk().usedBytes("trash"))
                    .as("bytes in topics and trash")
                    .isLessThan(NodeRig.MIB);
            assertThat(rig.node().diskLow()).as("disk low").isFalse();
            assertThat(rig.disk().usedBytes("journal"))
                    .as("bytes in the journal")
                    .isLessThanOrEqualTo(JOURNAL_BYTES_MAX);
        });
    }

    @Test
    void shouldGiveBackAtOnceWhatWasPurgedWhileTheDiskIsLow() throws Exception {
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), FREE_MIN)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = store(rig, session, "orders", NodeRig.queue());
            makeLow(rig);
            long before = sequence();

            // When
            session.call(() -> session.link().purge(topic));

            // Then
            awaitSpace(rig);
            await().atMost(SOON).until(() -> sequence() >= before + 2);
            session.publish(topic, 1, "later");
            assertThat(session.refusals).isEmpty();
        }
    }

    @Test
    void shouldTakeAPurgeThoughTheJournalFindsNoSpaceForWhatStandsBeforeIt() throws Exception {
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), 0)) {
            // Given: a publish that waits for space that nobody gives
            TestSession session = rig.sessionOn(0);
            Topic topic = store(rig, session, "orders", NodeRig.queue());
            await().atMost(PATIENCE).until(() -> new NioDisk(directory).exists("journal/reserve"));
            rig.disk().capacity(rig.disk().usedBytes());
            long answered = answered(session);
            for (int sent = 0; !rig.node().diskLow() && sent < STORED_MEBIBYTES; sent++) {
                long next = ++answered;
                session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 1));
                await().atMost(PATIENCE).until(() -> rig.node().diskLow() || answered(session) == next);
            }
            long all = answered;

            // When
            session.call(() -> session.link().purge(topic));

            // Then
            await().atMost(SOON)
                    .until(() -> answered(session) == all && !rig.node().diskLow());
            long confirmed = session.confirmed.get();
            session.publish(topic, 1, "later");
            await().atMost(SOON).until(() -> session.confirmed.get() == confirmed + 1);
        }
    }

    @Test
    void shouldLeaveWhatIsLeftOfTheReserveToTheJournalBehindARestart() throws Exception {
        // Given: the reserve was given, and a part of it is free still
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", NodeRig.queue());
            await().atMost(PATIENCE).until(() -> new NioDisk(directory).exists("journal/reserve"));
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 2));
            await().atMost(PATIENCE).until(() -> session.confirmed.get() == 2);
            rig.crash();
        }
        try (DiskFile reserve = new NioDisk(directory).open("journal/reserve", false)) {
            reserve.truncate(0);
        }
        SwitchableDisk disk = new SwitchableDisk(directory);
        long before = disk.usedBytes("topics");
        disk.capacity(disk.usedBytes() + 3 * NodeRig.MIB);

        // When
        try (NodeRig rig = NodeRig.start(disk, 0)) {
            TestSession session = rig.sessionOn(0);
            rig.settle();
            session.publish(session.topic("orders"), 1, "later");

            // Then
            await().atMost(PATIENCE).until(() -> answered(session) == 1);
            assertThat(session.refusals).hasSize(1);
            assertThat(disk.usedBytes("topics")).isEqualTo(before);

            // When
            disk.capacity(disk.usedBytes() + 2 * FREE_MIN);

            // Then
            await().atMost(PATIENCE).until(() -> !rig.node().diskLow() && disk.usedBytes("topics") > before);
            session.publish(session.topic("orders"), 1, "later");
            await().atMost(PATIENCE).until(() -> session.confirmed.get() == 1);
        }
    }

    private static long answered(TestSession session) {
        return session.confirmed.get() + session.refusals.size();
    }

    @Test
    void shouldGiveBackAtOnceWhatADeletedTopicHeldWhileTheDiskIsLow() throws Exception {
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), FREE_MIN)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = store(rig, session, "orders", TopicSettings.DEFAULT);
            makeLow(rig);

            // When
            session.call(() -> session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));

            // Then
            awaitSpace(rig);
            await().atMost(SOON)
                    .until(() -> new NioDisk(directory).list("trash").isEmpty());
        }
    }

    @Test
    void shouldGiveBackAtOnceWhatAQueueHeldThatWasDrainedWhileTheDiskIsLow() throws Exception {
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), FREE_MIN)) {
            // Given
            TestSession session = rig.sessionOn(0);
            store(rig, session, "orders", NodeRig.queue());
            makeLow(rig);

            // When
            session.subscribe("orders", "queue", 10, StartPosition.first());
            await().atMost(PATIENCE).until(() -> session.received.size() == STORED_MEBIBYTES);

            // Then
            awaitSpace(rig);
        }
    }

    @Test
    void shouldGiveBackAsSoonWhatWasFreedJustAfterTheShortage() throws Exception {
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), FREE_MIN)) {
            // Given: the first piece ends it
            TestSession session = rig.sessionOn(0);
            Topic first = store(rig, session, "first", NodeRig.queue());
            Topic second = store(rig, session, "second", NodeRig.queue());
            makeLow(rig);
            session.call(() -> session.link().purge(first));
            await().atMost(PATIENCE).until(() -> !rig.node().diskLow());

            // When
            session.call(() -> session.link().purge(second));

            // Then
            awaitSpace(rig);
        }
    }

    @Test
    void shouldServeConsumersAfterAStartWithoutSpaceAndRecover() throws Exception {
        // Given
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), 0)) {
            store(rig, rig.sessionOn(0), "orders", NodeRig.queue());
            rig.crash();
        }
        for (int start = 0; start < 4; start++) {
            SwitchableDisk disk = new SwitchableDisk(directory);
            disk.capacity(0);
            // When
            try (NodeRig rig = NodeRig.start(disk, FREE_MIN)) {
                TestSession session = rig.sessionOn(0);
                session.acknowledge(false);
                session.subscribe("orders", "queue", 100, StartPosition.first());
                // Then
                await().atMost(PATIENCE).until(() -> !session.received.isEmpty());
                session.publish(session.topic("orders"), 1, "refused");
                await().atMost(PATIENCE).until(() -> !session.refusals.isEmpty());
                assertThat(session.refusals.get(0).code()).isEqualTo(ErrorCode.DISK_LOW);
                if (start == 3) {
                    disk.capacity(Long.MAX_VALUE);
                    await().atMost(SOON).until(() -> !rig.node().diskLow());
                    session.publish(session.topic("orders"), 1, "later");
                    await().atMost(PATIENCE).until(() -> session.confirmed.get() == 1);
                }
                assertThat(rig.failures()).isEmpty();
            }
        }
    }

    @Test
    void shouldSayWhatItIsThatTheDiskLacks() throws Exception {
        // Given
        SwitchableDisk full = new SwitchableDisk(directory.resolve("full"));
        SwitchableDisk low = new SwitchableDisk(directory.resolve("low"));
        try (NodeRig withoutBound = fullAtTheBound(full);
                NodeRig withBound = NodeRig.start(low, FREE_MIN)) {
            TestSession first = withoutBound.sessionOn(1);
            TestSession second = withBound.sessionOn(0);
            second.create("orders", NodeRig.queue());
            makeLow(withBound);

            // When
            first.publish(first.topic("orders"), 1, "refused");
            second.publish(second.topic("orders"), 1, "refused");

            // Then
            await().atMost(PATIENCE).until(() -> !first.refusals.isEmpty() && !second.refusals.isEmpty());
            assertThat(first.refusals.get(0).detail()).startsWith("the disk is full: ");
            assertThat(second.refusals.get(0).detail()).startsWith("free space is below disk.free-min: ");
            full.topicsFull(false);
            await().atMost(SOON).until(() -> !withoutBound.node().diskLow());
        }
    }

    /** Segments find no space, so no checkpoint is taken, and the journal is at its bound. */
    private static NodeRig fullAtTheBound(SwitchableDisk disk) throws Exception {
        NodeRig rig = NodeRig.start(disk, TINY_JOURNAL);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", NodeRig.queue());
        session.publish(topic, 10, "m");
        await().atMost(PATIENCE).until(() -> session.confirmed.get() == 10);
        disk.topicsFull(true);
        for (int i = 0; i < 4; i++) {
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 2));
        }
        await().atMost(PATIENCE).until(() -> rig.node().diskLow());
        return rig;
    }

    @Test
    void shouldTakeWhatMakesRoomWhereTheDiskIsFullAndTheJournalAtItsBound() throws Exception {
        SwitchableDisk disk = new SwitchableDisk(directory);
        try (NodeRig rig = fullAtTheBound(disk)) {
            // Given
            TestSession session = rig.sessionOn(1);

            // When
            session.subscribe("orders", "queue", 4, StartPosition.first());
            await().atMost(PATIENCE).until(() -> session.received.size() >= 10);
            session.call(() -> session.link()
                    .change(new CatalogChange.DeleteTopic(
                            session.topic("orders").uuid())));

            // Then
            disk.topicsFull(false);
            await().atMost(SOON).until(() -> !rig.node().diskLow());
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldStartWhereTheDiskIsFullAndTheJournalAtItsBound() throws Exception {
        // Given
        SwitchableDisk disk = new SwitchableDisk(directory);
        try (NodeRig rig = fullAtTheBound(disk)) {
            rig.crash();
        }
        SwitchableDisk next = new SwitchableDisk(directory);
        next.topicsFull(true);

        // When
        try (NodeRig rig = NodeRig.start(next, TINY_JOURNAL)) {
            // Then
            TestSession session = rig.sessionOn(0);
            session.subscribe("orders", "queue", 100, StartPosition.first());
            await().atMost(PATIENCE).until(() -> session.received.size() >= 10);
            next.topicsFull(false);
            await().atMost(SOON).until(() -> !rig.node().diskLow());
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldStopInTimeAndLoseNothingConfirmedWhereTheDiskIsFull() throws Exception {
        // Given
        long confirmed;
        try (NodeRig rig = NodeRig.start(new SwitchableDisk(directory), 0)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", NodeRig.queue());
            session.publish(topic, 10, "m");
            await().atMost(PATIENCE).until(() -> session.confirmed.get() == 10);
            rig.disk().capacity(0);
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 3));
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 3));
            await().atMost(PATIENCE).until(() -> rig.node().diskLow());
            // When: closing the rig fails where the stop takes more than ten seconds or something failed.
            confirmed = session.confirmed.get();
        }
        // Then
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            session.subscribe("orders", "queue", 100, StartPosition.first());
            await().atMost(PATIENCE).until(() -> session.received.size() >= confirmed);
        }
    }

    @Test
    void shouldGoOnWhereTheProcessHadNoDescriptorsForAWhile() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            Topic other = session.create("other", TopicSettings.DEFAULT);
            session.publish(topic, 10, "m");
            await().until(() -> session.confirmed.get() == 10);
            rig.disk().filesUsedUp(true);
            rig.flush();
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 3));
            session.publish(other, 1, "m");
            int looks = rig.disk().looks();
            await().atMost(PATIENCE).until(() -> rig.disk().looks() >= looks + 8);
            assertThat(rig.failures()).isEmpty();

            // When
            rig.disk().filesUsedUp(false);

            // Then
            await().atMost(PATIENCE).until(() -> session.confirmed.get() == 14);
            rig.flush();
            await().atMost(PATIENCE).until(() -> rig.node().segments().behindBytes() == 0);
            assertThat(rig.failures()).isEmpty();
        }
    }
}
