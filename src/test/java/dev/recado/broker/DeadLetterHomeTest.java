package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where dead letters go that have no obvious place. */
@Timeout(60)
class DeadLetterHomeTest {

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession session;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        session.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Subscription pattern(String pattern) throws Exception {
        return session.call(() -> session.link()
                .subscribe(
                        new SubscribeSpec(SubscribeSpec.Kind.PATTERN, pattern, null, null, 10, StartPosition.next())));
    }

    private void publish(Topic topic, String text) throws Exception {
        long before = session.confirmed.get();
        session.publish(topic, 1, text);
        await().until(() -> session.confirmed.get() == before + 1);
    }

    private Map<String, String> headersOfFirst(String topicName) throws Exception {
        Topic topic = session.topic(topicName);
        await().until(() -> !browse(topic).isEmpty());
        Browsed first = browse(topic).get(0);
        MessageView view = new MessageView();
        view.read(first.run().bytes(), first.position());
        return Headers.toMap(view.bytes, view.headersStart, view.headersLength);
    }

    private List<Browsed> browse(Topic topic) throws Exception {
        return session.call(() -> session.link().browse(topic, StartPosition.first(), 10));
    }

    private boolean exists(String topic) {
        return session.link().catalog().topic(TopicName.of(topic)) != null;
    }

    @Test
    void shouldSendWhatAPatternRejectsToTheDeadLettersOfItsTopic() throws Exception {
        // Given
        Topic topic = session.create("orders.new", TopicSettings.DEFAULT);
        Subscription all = pattern("orders.*");
        publish(topic, "m");
        TestSession.Received received = session.next();

        // When
        session.run(() -> all.reject(0, received.offset(), "broken"));

        // Then
        await().until(() -> exists("orders.new.dead"));
        assertThat(headersOfFirst("orders.new.dead"))
                .containsEntry("dead-reason", "broken")
                .containsEntry("dead-topic", "orders.new")
                .containsEntry("dead-pattern", "orders.*")
                .doesNotContainKeys("dead-group", "dead-offset", "dead-partition");
        assertThat(session.topic("orders.new.dead").settings())
                .as("made with the settings for dead letters")
                .isEqualTo(TestNode.settings().deadLetterTopic());
    }

    @Test
    void shouldMakeNoDeadLetterOfADeadLetterThatAPatternRejects() throws Exception {
        // Given
        Topic topic = session.create("orders.dead", TopicSettings.DEFAULT);
        Subscription all = pattern("#");
        publish(topic, "m");
        TestSession.Received received = session.next();

        // When
        session.run(() -> all.reject(0, received.offset(), "broken"));
        rig.settle();

        // Then
        assertThat(exists("orders.dead.dead")).isFalse();
        publish(topic, "n");
        assertThat(session.next().text()).isEqualTo("n0");
    }

    @Test
    void shouldRefuseATopicWhoseDeadLettersWouldHaveNoName() throws Exception {
        // When, Then
        assertThatThrownBy(() -> session.create("n".repeat(251), TopicSettings.DEFAULT))
                .hasMessageContaining("longer than 250 bytes");
        session.create("n".repeat(250), TopicSettings.DEFAULT);
    }

    @Test
    void shouldReachTheDeadLettersOfTheLongestName() throws Exception {
        // Given
        String name = "n".repeat(250);
        Topic topic = session.create(name, TopicSettings.DEFAULT);
        Subscription workers = session.subscribe(name, "g", 10, StartPosition.first());
        publish(topic, "m");
        TestSession.Received received = session.next();

        // When
        session.run(() -> workers.reject(0, received.offset(), "broken"));

        // Then
        await().until(() -> exists(name + ".dead"));
        assertThat(headersOfFirst(name + ".dead")).containsEntry("dead-group", "g");
    }
}
