package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker room as one: real loops, journal and segments on a temporary directory, sessions without a wire. */
@Timeout(60)
class NodeTest {

    @TempDir
    Path directory;

    @Test
    void shouldConfirmAndDeliverInOrder() throws Exception {
        try (TestNode node = TestNode.start(directory)) {
            // Given
            TestSession producer = node.session();
            TestSession consumer = node.session();
            Topic topic = producer.create("orders", TopicSettings.DEFAULT);
            consumer.subscribe("orders", "workers", 256, StartPosition.first());

            // When
            producer.publish(topic, 10_000, "m");

            // Then
            for (int i = 0; i < 10_000; i++) {
                assertThat(consumer.next()).isEqualTo(new TestSession.Received(i, 1, "m" + i));
            }
            await().until(() -> producer.confirmed.get() == 10_000);
        }
    }

    @Test
    void shouldKeepConfirmedMessagesAndProgressThroughACrash() throws Exception {
        // Given
        TestNode first = TestNode.start(directory);
        TestSession producer = first.session();
        Topic topic = producer.create("orders", TopicSettings.DEFAULT);
        TestSession consumer = first.session();
        consumer.subscribe("orders", "workers", 10, StartPosition.first());
        producer.publish(topic, 1_000, "m");
        await().until(() -> producer.confirmed.get() == 1_000 && consumer.received.size() == 1_000);
        consumer.acknowledge(false);
        producer.publish(topic, 5, "late");
        await().until(() -> producer.confirmed.get() == 1_005);
        TestSession probe = first.session();
        await().untilAsserted(() -> assertThat(
                        probe.call(() -> probe.link().describe(topic)).counts().backlog())
                .isEqualTo(5));
        probe.run(() -> probe.link().close());
        consumer.acknowledge(true);

        // When
        first.crash();

        // Then
        try (TestNode second = TestNode.start(directory)) {
            TestSession again = second.session();
            again.subscribe("orders", "workers", 256, StartPosition.first());
            for (int i = 0; i < 5; i++) {
                assertThat(again.next().text()).isEqualTo("late" + i);
            }
        }
    }

    @Test
    void shouldReadOldMessagesFromSegmentsAfterCheckpoints() throws Exception {
        String filler = "x".repeat(1_000);
        try (TestNode node = TestNode.start(directory)) {
            TestSession producer = node.session();
            Topic topic = producer.create("big", TopicSettings.DEFAULT);
            for (int round = 0; round < 100; round++) {
                producer.publish(topic, 1_000, filler);
                long wanted = (round + 1) * 1_000L;
                await().until(() -> producer.confirmed.get() == wanted);
            }
        }
        try (TestNode node = TestNode.start(directory)) {
            TestSession consumer = node.session();
            consumer.subscribe("big", "late", 1_000, StartPosition.first());
            for (int i = 0; i < 100_000; i++) {
                assertThat(consumer.next().offset()).isEqualTo(i);
            }
        }
    }
}
