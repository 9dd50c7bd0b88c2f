package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.TimeSource;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardProbe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data directories of versions 1 and 2, left by a {@code kill -9}: state file, journal and segments. They hold the
 * topic {@code a} of two partitions with 40 messages and a group at their beginning, and the queue {@code q} with ten.
 *
 * <p>Another one of version 2 has groups that had got on when the state was written and after it: {@code g} on {@code
 * jobs}, 20 messages of which 0, 1, 4 and 5 are finished, 2 was delivered three times and 3, 6 to 13 twice; {@code k},
 * key-ordered, on {@code keys}, ten of which the first was delivered and the others passed or not looked at.
 */
@Timeout(60)
class OldDirectoryTest {

    /** When its messages were written. */
    private static final long WRITTEN_MS = 1_795_908_714_113L;

    private static final long MINUTE = 60_000;
    private static final long DAY = 24L * 60 * MINUTE;

    @TempDir
    Path directory;

    private void unpack(String version) throws IOException {
        try (InputStream in =
                        Objects.requireNonNull(getClass().getResourceAsStream("/format/data-" + version + ".zip"));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
            }
        }
    }

    private static List<Browsed> browse(TestSession session, String topic) throws Exception {
        Topic known = session.topic(topic);
        return session.call(() -> session.link().browse(known, StartPosition.first(), 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoOnWithIt(int version) throws Exception {
        // Given
        unpack(String.valueOf(version));
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);

        // When
        session.publish(session.topic("a"), 1, "new");
        await().until(() -> session.confirmed.get() == 1);
        rig.flush();
        rig.settle();
        rig.crash();

        // Then
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            List<Browsed> messages = browse(after, "a");
            assertThat(messages).hasSize(41);
            assertThat(browse(after, "q")).hasSize(10);
            after.subscribe("a", "g", 100, StartPosition.next());
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 41; i++) {
                texts.add(after.next().text());
            }
            assertThat(texts).doesNotHaveDuplicates().contains("a0", "a39", "new0");
        }
    }

    @Test
    void shouldCountItsAges() throws Exception {
        // Given
        unpack("1");
        long ahead = WRITTEN_MS + 3 * DAY - TimeSource.system().wallMs();
        try (NodeRig rig = NodeRig.startAhead(directory, ahead)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.topic("a");
            ShardOwner shard = rig.shardOf(topic);
            long stamp = browse(session, "a").get(0).run().logTimeMs();

            assertThat(browse(session, "a").stream().map(Browsed::run))
                    .allMatch(run -> run.publishTimeMs() == run.logTimeMs());

            // When
            long early = NodeRig.ask(shard.loop(), () -> ShardProbe.ageMs(shard, stamp));
            rig.passTime(10 * MINUTE);
            rig.tick();
            long late = NodeRig.ask(shard.loop(), () -> ShardProbe.ageMs(shard, stamp));

            // Then
            assertThat(early).isBetween(0L, 2 * MINUTE);
            assertThat(late).isBetween(3 * DAY, 3 * DAY + 12 * MINUTE);
        }
    }

    @Test
    void shouldGoOnWithItsGroups() throws Exception {
        // Given
        unpack("2-groups");
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);

            // When
            session.subscribe("jobs", "g", 100, StartPosition.next());

            // Then
            List<String> deliveries = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                TestSession.Received received = session.next();
                deliveries.add(received.text() + "#" + received.attempt());
            }
            assertThat(deliveries)
                    .containsExactly(
                            "j2#4", "j3#3", "j6#3", "j7#3", "j8#3", "j9#3", "j10#3", "j11#3", "j12#3", "j13#3", "j14#2",
                            "j15#1", "j16#1", "j17#1", "j18#1", "j19#1");
            TestSession other = rig.sessionOn(1);
            other.acknowledge(false);
            other.subscribe("keys", "k", 100, StartPosition.next());
            assertThat(other.next().attempt()).isEqualTo(2);
            for (int i = 1; i < 10; i++) {
                assertThat(other.next()).isEqualTo(new TestSession.Received(i, 1, "k" + i));
            }
        }
    }
}
