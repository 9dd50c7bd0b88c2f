package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer that takes a number of messages and goes: it gets no more of them, and what it has done with stays so. */
@Timeout(60)
class LeavingTest {

    @TempDir
    Path directory;

    @Test
    void shouldKeepWhatWasAcknowledgedBeforeAnAnsweredEnd() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.publish(topic, 10, "m");
        await().until(() -> session.confirmed.get() == 10);
        SubscriptionLink mine = session.subscribe("orders", "g", 4, StartPosition.first());
        session.acknowledge(true);
        await().until(() -> session.received.size() == 10);

        // When
        session.call(mine::close);
        rig.crash();

        // Then
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            TopicFigures figures = after.call(() -> after.link().describe(after.topic("orders")));
            assertThat(figures.groups().get(0).unfinished().backlog()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldAnswerAnAcknowledgementThatWasAskedForBeforeTheEnd(int partitions) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", NodeRig.log(partitions, 0, Overflow.BLOCK));
            session.publish(topic, 1, "m");
            session.acknowledge(false);
            SubscriptionLink mine = session.subscribe("orders", "g", 4, StartPosition.first());
            await().until(() -> session.received.size() == 1);

            // When
            session.call(() -> {
                mine.ackDurably(partitions - 1, 0);
                return mine.close();
            });

            // Then
            assertThat(session.answers).containsExactly("acked 0");
        }
    }

    @Test
    void shouldSayThatTheGroupIsGoneWhereItWasDeletedWhileItWasMade() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            session.createGroup(topic, "first", GroupSettings.DEFAULT);
            int last = Objects.requireNonNull(session.topic("orders").group("first"))
                    .id();
            AtomicReference<Throwable> cause = new AtomicReference<>();

            // When
            for (int id = last + 1; cause.get() == null; id++) { // it may be made and joined before it is deleted
                SubscribeSpec spec =
                        new SubscribeSpec(SubscribeSpec.Kind.GROUP, "orders", "g" + id, null, 1, StartPosition.first());
                CatalogChange deletion = new CatalogChange.DeleteGroup(id);
                AtomicBoolean answered = new AtomicBoolean();
                session.run(() -> {
                    session.link().subscribe(spec).onFailure(cause::set).onComplete(done -> answered.set(true));
                    session.link().change(deletion);
                });
                await().untilTrue(answered);
            }

            // Then
            assertThat(cause.get()).isInstanceOfSatisfying(BrokerException.class, failed -> assertThat(failed.code())
                    .isEqualTo(ErrorCode.GROUP_NOT_FOUND));
        }
    }
}
