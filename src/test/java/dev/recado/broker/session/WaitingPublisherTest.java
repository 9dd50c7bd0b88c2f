package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.broker.Patience;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestNode;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishers that rather wait than be refused. */
@Timeout(60)
class WaitingPublisherTest {

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession patient;
    private TestSession other;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        patient = rig.sessionOn(0, Patience.WAIT);
        other = rig.sessionOn(1);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Topic full(Overflow overflow) throws Exception {
        Topic topic = other.create("jobs", NodeRig.log(1, 10, overflow));
        other.publish(topic, 10, "old");
        await().until(() -> other.confirmed.get() == 10);
        return topic;
    }

    private static boolean hasParked(TestSession session) throws Exception {
        boolean[] parked = new boolean[1];
        session.run(() -> parked[0] = session.link().hasParked());
        return parked[0];
    }

    private static void awaitParked(TestSession session) {
        await().until(() -> hasParked(session));
        assertThat(session.paused()).isTrue();
    }

    private static List<String> texts(TestSession session, int count) throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(session.next().text());
        }
        return texts;
    }

    private static List<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private void lowDisk() {
        rig.disk().spaceLow(true);
        await().until(() -> rig.node().diskLow());
    }

    @Test
    void shouldWaitWithMoreBytesThanOthersMay() throws Exception {
        // Given
        Topic topic = full(Overflow.BLOCK);

        // When
        patient.run(() -> NodeRig.sendMebibytes(patient.link(), topic, 5));

        // Then
        awaitParked(patient);
        other.subscribe("jobs", "g", 100, StartPosition.first());
        await().until(() -> patient.confirmed.get() == 5);
        assertThat(patient.refusals).isEmpty();
    }

    @Test
    void shouldWaitForMemoryOfMemoryTopics() throws Exception {
        // Given
        Topic topic = other.create("ram", NodeRig.memory(0, Overflow.BLOCK));
        other.acknowledge(false);
        SubscriptionLink first = other.subscribe("ram", "g", 1, StartPosition.first());

        // When
        patient.run(() -> NodeRig.sendMebibytes(patient.link(), topic, 40));

        // Then
        awaitParked(patient);
        assertThat(patient.confirmed.get()).isLessThan(40);
        other.call(first::close);
        other.acknowledge(true);
        other.subscribe("ram", "g", 5, StartPosition.first());
        await().until(() -> patient.confirmed.get() == 40);
        await().until(() -> !patient.paused());
        assertThat(patient.refusals).isEmpty();
    }

    @Test
    void shouldWaitUntilTheDiskHasSpaceAndKeepTheOrder() throws Exception {
        // Given
        Topic topic = other.create("jobs", TopicSettings.DEFAULT);
        lowDisk();
        patient.publish(topic, 10, "a");
        awaitParked(patient);
        other.publish(topic, 1, "refused");
        await().until(() -> other.refusals.size() == 1);

        // When
        rig.disk().spaceLow(false);
        for (int i = 0; i < 400; i++) {
            patient.publish(topic, 1, "b" + i + ".");
        }

        // Then
        await().until(() -> patient.confirmed.get() == 410);
        other.subscribe("jobs", "g", 1_000, StartPosition.first());
        assertThat(texts(other, 10)).isEqualTo(numbered("a", 10));
        assertThat(texts(other, 400))
                .isEqualTo(IntStream.range(0, 400).mapToObj(i -> "b" + i + ".0").toList());
        assertThat(other.refusals.get(0).code()).isEqualTo(ErrorCode.DISK_LOW);
        assertThat(patient.refusals).isEmpty();
    }

    @Test
    void shouldTellApartWhoWaitsInOneRun() throws Exception {
        // Given
        TestSession hasty = rig.sessionOn(0);
        Topic topic = other.create("jobs", TopicSettings.DEFAULT);
        lowDisk();

        // When
        byte[] payload = "x".getBytes(StandardCharsets.UTF_8);
        patient.run(() -> {
            for (int i = 0; i < 3; i++) {
                patient.link().publish(topic, new Draft().payload(payload, 0, 1), i);
                hasty.link().publish(topic, new Draft().payload(payload, 0, 1), i);
            }
        });

        // Then
        await().until(() -> hasty.refusals.size() == 3);
        awaitParked(patient);
        rig.disk().spaceLow(false);
        await().until(() -> patient.confirmed.get() == 3);
        assertThat(patient.refusals).isEmpty();
    }

    @Test
    void shouldWaitOutAShortageWhereOldOnesAreDroppedOrNewOnesRejected() throws Exception {
        for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.REJECT)) {
            // Given
            TestSession session = rig.sessionOn(0, Patience.WAIT);
            Topic topic = other.create(overflow.name(), NodeRig.log(1, 10, overflow));
            lowDisk();
            session.publish(topic, 8, "m");
            awaitParked(session);

            // When
            rig.disk().spaceLow(false);

            // Then
            await().until(() -> session.confirmed.get() == 8);
            assertThat(session.refusals).isEmpty();
        }
    }

    @Test
    void shouldBeRefusedWhereTheTopicRejects() throws Exception {
        // Given
        Topic topic = full(Overflow.REJECT);

        // When
        patient.publish(topic, 3, "m");

        // Then
        await().until(() -> patient.refusals.size() == 3);
        assertThat(patient.refusals.get(0).code()).isEqualTo(ErrorCode.TOPIC_FULL);
        assertThat(patient.paused()).isFalse();
    }

    @Test
    void shouldBeRefusedWhenTheTopicBeginsToReject() throws Exception {
        // Given
        Topic topic = full(Overflow.BLOCK);
        patient.publish(topic, 3, "m");
        awaitParked(patient);

        // When
        other.call(() ->
                other.link().change(new CatalogChange.AlterTopic(topic.uuid(), NodeRig.log(1, 10, Overflow.REJECT))));

        // Then
        await().until(() -> patient.refusals.size() == 3);
        await().until(() -> !patient.paused());
    }

    @Test
    void shouldBeRefusedWhenTheTopicIsDeletedOrTheBrokerStops() throws Exception {
        // Given
        Topic topic = full(Overflow.BLOCK);
        Topic second = other.create("more", NodeRig.log(1, 1, Overflow.BLOCK));
        patient.publish(topic, 3, "m");
        patient.publish(second, 5, "m");
        awaitParked(patient);

        // When
        other.call(() -> other.link().change(new CatalogChange.DeleteTopic(topic.uuid())));

        // Then
        await().until(() -> patient.refusals.size() == 3);
        assertThat(patient.refusals.get(0).code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(patient.paused()).isTrue();
        Future<Void> stopping = rig.beginStop();
        await().until(() -> patient.refusals.size() == 7);
        assertThat(patient.refusals.get(6).code()).isEqualTo(ErrorCode.STOPPING);
        TestNode.await(stopping);
        rig.crash();
    }

    @Test
    void shouldNotReadNewcomersWhileGoneOnesFillTheBound() throws Exception {
        // Given
        Topic topic = full(Overflow.BLOCK);
        patient.run(() -> {
            NodeRig.sendMebibytes(patient.link(), topic, 34);
            patient.link().close();
        });
        TestSession witness = rig.sessionOn(0);
        await().until(() -> parkedAtHome() == 34);

        // When
        TestSession newcomer = rig.sessionOn(0, Patience.WAIT);
        TestSession hasty = rig.sessionOn(0);

        // Then
        await().until(newcomer::paused);
        assertThat(hasty.call(() -> hasty.link().figures()).values().get("bytes_waiting"))
                .isGreaterThan(33L * NodeRig.MIB);
        hasty.publish(witness.create("free", TopicSettings.DEFAULT), 1, "m");
        await().until(() -> hasty.confirmed.get() == 1);
        assertThat(hasty.paused()).isFalse();
        other.subscribe("jobs", "g", 100, StartPosition.first());
        await().until(() -> !newcomer.paused());
    }

    @Test
    void shouldReadOnOfWhoMayMakeRoomWhileGoneOnesFillTheBound() throws Exception {
        // Given
        Topic topic = full(Overflow.BLOCK);
        patient.run(() -> {
            NodeRig.sendMebibytes(patient.link(), topic, 34);
            patient.link().close();
        });
        await().until(() -> parkedAtHome() == 34);
        TestSession consumer = rig.sessionOn(0, Patience.WAIT);
        await().until(consumer::paused);
        consumer.acknowledge(false);

        // When
        SubscriptionLink place = consumer.subscribe("jobs", "g", 1, StartPosition.first());

        // Then
        await().until(() -> !consumer.paused());
        consumer.run(() -> NodeRig.sendMebibytes(consumer.link(), topic, 1));
        awaitParked(consumer);
        consumer.call(place::close);
        assertThat(consumer.paused()).isTrue();
    }

    /** Whole mebibytes that wait for room on the first loop. */
    private long parkedAtHome() throws Exception {
        Loop loop = rig.loops().get(0);
        return NodeRig.ask(loop, () -> loop.pressure().parkedBytes() / NodeRig.MIB);
    }

    private static TopicSettings limitedTo(long bytes) {
        return NodeRig.settings(TopicKind.LOG, Durability.FSYNC, 1, 0, bytes, Overflow.BLOCK, -1);
    }

    @Test
    void shouldRefuseAMessageThatNoEmptyTopicTakes() throws Exception {
        // Given
        Topic topic = other.create("tiny", limitedTo(1_000));
        other.subscribe("tiny", "g", 100, StartPosition.first());

        // When
        patient.run(() -> NodeRig.sendMebibytes(patient.link(), topic, 3));
        patient.publish(topic, 1, "small");

        // Then
        await().until(() -> patient.refusals.size() == 3 && patient.confirmed.get() == 1);
        assertThat(patient.refusals)
                .allSatisfy(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LONG));
    }

    @Test
    void shouldRefuseWhatWaitsOnceItNoLongerFits() throws Exception {
        // Given
        Topic topic = other.create("jobs", limitedTo(3L * NodeRig.MIB));
        patient.run(() -> NodeRig.sendMebibytes(patient.link(), topic, 3));
        awaitParked(patient);

        // When
        other.call(() -> other.link().change(new CatalogChange.AlterTopic(topic.uuid(), limitedTo(1_000))));

        // Then
        await().until(() -> patient.refusals.size() == 1 && patient.confirmed.get() == 2);
    }
}
