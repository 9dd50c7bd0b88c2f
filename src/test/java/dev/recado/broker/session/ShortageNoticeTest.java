package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is told that publishes find no disk or memory. */
@Timeout(60)
class ShortageNoticeTest {

    private static final Refusal DISK = Refusal.of(ErrorCode.DISK_LOW, "free space");
    private static final Refusal MEMORY = Refusal.of(ErrorCode.MEMORY_LOW, "heap");

    @TempDir
    Path directory;

    @Test
    void shouldTellSessionsThatPublishOnceAndWhenItIsOver() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            TestSession consumer = rig.sessionOn(0);
            Topic topic = publisher.create("news", TopicSettings.DEFAULT);
            publisher.publish(topic, 1, "m");
            await().until(() -> publisher.confirmed.get() == 1);
            Loop loop = rig.loop(0);

            // When
            publisher.run(() -> {
                loop.onShortage(DISK);
                loop.onShortage(DISK);
                loop.onShortage(MEMORY);
                loop.onShortage(null);
                loop.onShortage(null);
            });

            // Then
            assertThat(publisher.shortages).containsExactly("DISK_LOW", "MEMORY_LOW", "over");
            assertThat(consumer.shortages).isEmpty();
        }
    }

    @Test
    void shouldTellOneThatBeginsToPublishMeanwhile() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);
            Loop loop = rig.loop(0);
            session.run(() -> loop.onShortage(null));

            // When
            session.publish(topic, 1, "m");
            session.run(() -> {
                loop.onShortage(DISK);
                loop.onShortage(null);
            });

            // Then
            assertThat(session.shortages).containsExactly("DISK_LOW", "over");
        }
    }
}
