package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was answered holds after a crash, and what does not hold yet is not answered. */
@Timeout(60)
class CrashTest {

    @TempDir
    Path directory;

    @Test
    void shouldKeepAnAnsweredResetOverACrash() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        TestSession reader = rig.sessionOn(0);
        reader.subscribe("orders", "g", 1000, StartPosition.first());
        session.publish(topic, 100, "m");
        await().until(() -> reader.received.size() == 100);
        reader.run(() -> reader.link().close());
        // Progress that is older than 10 ms and not yet written rides behind the reset's own entry.
        rig.passTime(30);

        // When
        session.call(() -> session.link().resetGroup(session.topic("orders"), "g", StartPosition.first()));
        rig.crash();

        // Then
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            after.subscribe("orders", "g", 1000, StartPosition.first());
            assertThat(after.next().text()).isEqualTo("m0");
        }
    }

    @Test
    void shouldStartWithATopicThatIsAboveItsLimit() throws Exception {
        // Given: the crash comes between the new limit and the trim that it asks for
        Path copy = directory.resolve("copy");
        Path own = Files.createDirectories(directory.resolve("own"));
        try (NodeRig rig = NodeRig.start(own)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("latest", NodeRig.log(1, 0, Overflow.DROP_OLDEST));
            session.publish(topic, 100, "m");
            await().until(() -> session.confirmed.get() == 100);
            rig.disk().stopJournalWhen(() -> session.topic("latest").settings().limitMessages() == 10);
            session.run(() -> session.link()
                    .change(new CatalogChange.AlterTopic(topic.uuid(), NodeRig.log(1, 10, Overflow.DROP_OLDEST))));
            await().until(rig.disk()::journalStands);
            copyAll(own, copy);
            rig.disk().letJournalGoOn();
        }

        // When
        try (NodeRig rig = NodeRig.start(copy)) {
            TestSession session = rig.sessionOn(0);
            rig.settle();

            // Then
            Topic topic = session.topic("latest");
            assertThat(session.call(() -> session.link().describe(topic))
                            .counts()
                            .backlog())
                    .isLessThanOrEqualTo(10);
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path each : walk.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }
}
