package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.HandOver;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues in which nothing waits. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class HandOverTest {

    private final long seed;

    HandOverTest(long seed) {
        this.seed = seed;
    }

    private static TopicSettings queue(Durability durability, Overflow overflow) {
        return NodeRig.queue()
                .with(TopicSettings.DURABILITY, durability)
                .with(TopicSettings.OVERFLOW, overflow)
                .with(HandOver.KEY, true);
    }

    private static List<String> texts(TestSession session) {
        List<TestSession.Received> all = new ArrayList<>();
        session.received.drainTo(all);
        return all.stream().map(TestSession.Received::text).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"FSYNC", "MEMORY"})
    void shouldHandToWhoHasRoomAndDropTheRest(Durability durability) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic topic = session.create("jobs", queue(durability, Overflow.DROP_OLDEST));
            session.publish(topic, 3, "before");
            rig.settle();
            session.subscribe("jobs", "queue", 2, StartPosition.first());

            // When
            session.publish(topic, 4, "m");
            rig.settle();

            // Then
            assertThat(texts(session)).containsExactly("m0", "m1");
            assertThat(session.confirmed.get()).isEqualTo(7);
            assertThat(session.call(() -> session.link().describe(topic))
                            .counts()
                            .dropped())
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"FSYNC", "MEMORY"})
    void shouldDropWhatComesBack(Durability durability) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic topic = session.create("jobs", queue(durability, Overflow.DROP_OLDEST));
            SubscriptionLink member = session.subscribe("jobs", "queue", 1, StartPosition.first());
            session.publish(topic, 1, "m");
            rig.settle();

            // When
            session.run(() -> member.nack(0, 0, 0));
            rig.settle();
            session.publish(topic, 1, "n");
            rig.settle();

            // Then
            assertThat(texts(session)).containsExactly("m0", "n0");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"REJECT", "REJECT_DEAD_LETTER"})
    void shouldRefuseEverythingWhereItIsNotDropped(Overflow overflow) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("jobs", queue(Durability.FSYNC, overflow));
            session.subscribe("jobs", "queue", 2, StartPosition.first());

            // When
            session.publish(topic, 3, "m");
            rig.settle();

            // Then
            assertThat(texts(session)).isEmpty();
            assertThat(session.refusals).hasSize(3).allSatisfy(refusal -> assertThat(refusal.code())
                    .isEqualTo(ErrorCode.TOPIC_FULL));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_OLDEST", "REJECT_DEAD_LETTER"})
    void shouldMakeDeadLettersOfWhatHasNoRoom(Overflow overflow) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.create("dead", NodeRig.queue());
            Topic topic = session.create(
                    "jobs",
                    queue(Durability.FSYNC, overflow)
                            .with(DeadLetterRoute.EXCHANGE, "")
                            .with(DeadLetterRoute.KEY, "dead"));
            session.subscribe("dead", "queue", 10, StartPosition.first());

            // When
            session.publish(topic, 2, "m");
            rig.settle();

            // Then
            assertThat(texts(session)).containsExactly("m0", "m1");
        }
    }

    @Test
    void shouldBeNoWayForALogNorForWhoWaits() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            TopicSettings log = queue(Durability.FSYNC, Overflow.DROP_OLDEST).with(TopicSettings.KIND, TopicKind.LOG);

            // When / Then
            for (TopicSettings settings : List.of(log, queue(Durability.FSYNC, Overflow.BLOCK))) {
                Assertions.assertThatThrownBy(() -> session.create("jobs", settings))
                        .isInstanceOfAny(BrokerException.class, ExecutionException.class)
                        .hasMessageContaining("hand-over");
            }
        }
    }
}
