package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.StateFile;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What checkpoints keep and what they give back. */
@Timeout(60)
class CheckpointTest {

    private static final int MEBIBYTES = 12;

    @TempDir
    Path directory;

    private static void checkpoint(NodeRig rig) throws Exception {
        Promise<Void> done = Promise.promise();
        rig.node().journal().checkpoint(done::complete);
        TestNode.await(done.future());
    }

    private static void publishMebibytes(TestSession session, Topic topic, int count) throws Exception {
        long before = session.confirmed.get();
        for (int sent = 0; sent < count; sent += 2) {
            long wanted = before + sent + 2;
            session.run(() -> NodeRig.sendMebibytes(session.link(), topic, 2));
            await().until(() -> session.confirmed.get() >= wanted);
        }
    }

    @Test
    void shouldKeepTheJournalBackToTheOlderState() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            NioDisk disk = new NioDisk(directory);
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            for (int round = 0; round < 3; round++) {
                publishMebibytes(session, topic, MEBIBYTES);
                // When
                checkpoint(rig);
                // Then
                List<StateFile.State> states = StateFile.readAll(disk);
                long kept = states.size() < 2 ? 0 : states.get(1).journalPosition();
                assertThat(rig.node().journal().oldestPosition())
                        .isLessThanOrEqualTo(kept)
                        .isGreaterThanOrEqualTo(Math.max(0, kept - 4 * NodeRig.MIB));
            }
            assertThat(rig.node().journal().oldestPosition()).isPositive();
        }
    }
}
