package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgements of a turn come before what is asked behind them, with the owner on this loop and on another. */
@Timeout(60)
class TurnOrderTest {

    @TempDir
    Path directory;

    private static TestSession sessionOf(NodeRig rig, Topic topic, boolean local) throws Exception {
        TestSession session = rig.sessionOn(local ? rig.homeOf(topic) : 1 - rig.homeOf(topic));
        session.acknowledge(false);
        return session;
    }

    private static Topic topicOfThree(TestSession publisher) throws Exception {
        Topic topic = publisher.create("orders", TopicSettings.DEFAULT);
        publisher.publish(topic, 3, "m");
        await().until(() -> publisher.confirmed.get() == 3);
        return topic;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKnowAnAcknowledgementInWhatIsAskedBehindIt(boolean local) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            Topic topic = topicOfThree(rig.sessionOn(0));
            TestSession session = sessionOf(rig, topic, local);
            SubscriptionLink mine = session.subscribe("orders", "g", 3, StartPosition.first());
            await().until(() -> session.received.size() == 3);

            // When
            TopicFigures figures = session.call(() -> {
                mine.ack(0, 0, 0);
                mine.ack(0, 2, 2);
                return session.link().describe(topic);
            });

            // Then
            assertThat(figures.groups().get(0).unfinished().backlog()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepAnAcknowledgementBehindWhichTheSessionLeaves(boolean local) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(0);
            Topic topic = topicOfThree(publisher);
            TestSession session = sessionOf(rig, topic, local);
            SubscriptionLink mine = session.subscribe("orders", "g", 3, StartPosition.first());
            await().until(() -> session.received.size() == 3);

            // When
            session.run(() -> {
                mine.nack(0, 1, 3_600_000);
                mine.ack(0, 0, 0);
                mine.ack(0, 2, 2);
                session.link().close();
            });
            rig.settle();

            // Then
            TopicFigures figures = publisher.call(() -> publisher.link().describe(topic));
            assertThat(figures.groups().get(0).unfinished().backlog()).isEqualTo(1);
            assertThat(figures.groups().get(0).unfinished().waiting()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMakeRoomForAPublishBehindIt(boolean local) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given a full topic
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("orders", NodeRig.log(1, 1, Overflow.REJECT));
            publisher.publish(topic, 1, "m");
            await().until(() -> publisher.confirmed.get() == 1);
            TestSession session = sessionOf(rig, topic, local);
            TestSession other = sessionOf(rig, topic, local);
            SubscriptionLink mine = session.subscribe("orders", "g", 1, StartPosition.first());
            await().until(() -> session.received.size() == 1);

            // When another session of the loop asks something in the same turn
            session.run(() -> {
                mine.ack(0, 0, 0);
                byte[] text = {'n'};
                assertThat(session.link().publish(topic, new Draft().payload(text, 0, 1), 7))
                        .isNull();
                other.link().describe(topic);
            });

            // Then
            await().until(() -> session.confirmed.get() + session.refusals.size() == 1);
            assertThat(session.refusals).isEmpty();
        }
    }
}
