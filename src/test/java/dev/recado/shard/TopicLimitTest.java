package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code limit.messages} and {@code limit.bytes} of durable topics: how much is taken, before and after a crash. */
@Timeout(60)
class TopicLimitTest {

    private static final int MIB = NodeRig.MIB;
    /** What a run of one message without key and headers takes beyond its payload, at most. */
    private static final int HEAD_BYTES = 100;

    private static final Duration POLL = Duration.ofMillis(2);

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession session;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private static TopicSettings limited(
            TopicKind kind, int partitions, long messages, long bytes, Overflow overflow, long ttlMs) {
        return NodeRig.settings(kind, Durability.FSYNC, partitions, messages, bytes, overflow, ttlMs);
    }

    private static TopicSettings byBytes(long bytes, Overflow overflow) {
        return limited(TopicKind.LOG, 1, 0, bytes, overflow, -1);
    }

    /** Publishes one message by itself and waits for its answer. */
    private void send(Topic topic, int bytes) throws Exception {
        long answered = answered();
        byte[] payload = new byte[bytes];
        session.run(() -> {
            Draft draft = new Draft().payload(payload, 0, payload.length);
            var refusal = session.link().publish(topic, draft, 0);
            if (refusal != null) {
                session.refusals.add(refusal);
            }
        });
        await().pollInterval(POLL).until(() -> answered() == answered + 1);
    }

    private long answered() {
        return session.confirmed.get() + session.refusals.size();
    }

    private int takes(Topic topic, int bytes, int attempts) throws Exception {
        long before = session.confirmed.get();
        for (int i = 0; i < attempts; i++) {
            send(topic, bytes);
        }
        return (int) (session.confirmed.get() - before);
    }

    @Test
    void shouldTakeALargeMessageBesideASmallOne() throws Exception {
        // Given
        Topic topic = session.create("orders", byBytes(16L * MIB, Overflow.REJECT));
        send(topic, 1_000);

        // When
        int taken = takes(topic, MIB, 1);

        // Then
        assertThat(taken).isEqualTo(1);
    }

    @Test
    void shouldTakeNoMoreThanTheLimitWhateverTheMix() throws Exception {
        // Given
        Topic topic = session.create("orders", byBytes(4L * MIB, Overflow.REJECT));
        for (int i = 0; i < 100; i++) {
            send(topic, 100);
        }

        // When
        int taken = takes(topic, MIB - HEAD_BYTES, 8);

        // Then
        assertThat(taken).isEqualTo(3);
        assertThat(session.refusals).hasSize(5).allSatisfy(r -> assertThat(r.code())
                .isEqualTo(ErrorCode.TOPIC_FULL));
        assertThat(takes(topic, 100, 1)).isEqualTo(1);
    }

    @Test
    void shouldTakeExactlyTheLimitOfMessagesOverAllPartitions() throws Exception {
        // Given
        Topic topic = session.create("orders", limited(TopicKind.LOG, 4, 10, 0, Overflow.REJECT, -1));

        // When
        int taken = takes(topic, 10, 40);

        // Then
        assertThat(taken).isEqualTo(10);
    }

    @Test
    void shouldHaveTheSameRoomAfterACrash() throws Exception {
        // Given
        Topic topic = session.create("orders", byBytes(8L * MIB, Overflow.REJECT));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        int before = takes(topic, MIB - HEAD_BYTES, 5);
        rig.flush();
        rig.settle();

        // When
        rig.crash();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        int after = takes(session.topic("orders"), MIB - HEAD_BYTES, 5);

        // Then
        assertThat(before).isEqualTo(5);
        assertThat(after).isEqualTo(3);
    }

    @Test
    void shouldHaveRoomForWhatIsFinished() throws Exception {
        // Given
        Topic topic = session.create("orders", byBytes(4L * MIB, Overflow.REJECT));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        assertThat(takes(topic, MIB - HEAD_BYTES, 5)).isEqualTo(4);

        // When
        session.subscribe("orders", "g", 2, StartPosition.first());
        await().until(() -> session.received.size() == 4);
        rig.settle();

        // Then
        assertThat(takes(topic, MIB - HEAD_BYTES, 1)).isEqualTo(1);
    }

    @Test
    void shouldDropTheOldestByBytesAndCountThem() throws Exception {
        // Given
        Topic topic = session.create("latest", byBytes(4L * MIB, Overflow.DROP_OLDEST));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        send(topic, 1_000);

        // When
        int taken = takes(topic, MIB - HEAD_BYTES, 10);

        // Then
        assertThat(taken).isEqualTo(10);
        session.subscribe("latest", "g", 20, StartPosition.first());
        await().until(() -> session.received.size() == 4);
        assertThat(session.received.element().offset()).isEqualTo(7);
        assertThat(session.call(() -> session.link().describe(topic)).counts().dropped())
                .isEqualTo(7);
    }

    @Test
    void shouldCountWhatWasThereBeforeTheLimit() throws Exception {
        // Given
        Topic topic = session.create("orders", byBytes(0, Overflow.REJECT));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        takes(topic, MIB - HEAD_BYTES, 3);
        rig.flush();
        rig.settle();
        takes(topic, MIB - HEAD_BYTES, 2);

        // When
        session.call(() ->
                session.link().change(new CatalogChange.AlterTopic(topic.uuid(), byBytes(6L * MIB, Overflow.REJECT))));

        // Then
        assertThat(takes(session.topic("orders"), MIB - HEAD_BYTES, 3)).isEqualTo(1);
    }

    @Test
    void shouldCountWhatWasThereBeforeTheLimitAndBehindItAfterACrash() throws Exception {
        // Given
        Topic topic = session.create("orders", byBytes(0, Overflow.REJECT));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        takes(topic, MIB - HEAD_BYTES, 2);
        session.call(() ->
                session.link().change(new CatalogChange.AlterTopic(topic.uuid(), byBytes(6L * MIB, Overflow.REJECT))));
        takes(session.topic("orders"), MIB - HEAD_BYTES, 3);
        rig.flush();
        rig.settle();

        // When
        rig.crash();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);

        // Then
        assertThat(takes(session.topic("orders"), MIB - HEAD_BYTES, 3)).isEqualTo(1);
    }

    /** Seven large messages that are finished, then small ones that are not, in one segment. */
    private void smallBehindLarge(Overflow overflow) throws Exception {
        smallBehindLarge(8L * MIB, overflow);
    }

    private void smallBehindLarge(long limitBytes, Overflow overflow) throws Exception {
        Topic topic = session.create("orders", byBytes(limitBytes, overflow));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        TestSession consumer = rig.sessionOn(1);
        consumer.subscribe("orders", "g", 10, StartPosition.first());
        assertThat(takes(topic, MIB - HEAD_BYTES, 7)).isEqualTo(7);
        await().until(() -> consumer.received.size() == 7);
        rig.settle();
        consumer.run(() -> consumer.link().close());
        takes(topic, 100, 200);
    }

    @Test
    void shouldHaveTheSameRoomAfterAStopWhereLargeMessagesAreFinished() throws Exception {
        // Given
        smallBehindLarge(Overflow.REJECT);

        // When
        rig.close();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);

        // Then
        assertThat(takes(session.topic("orders"), MIB - HEAD_BYTES, 9)).isEqualTo(7);
    }

    @Test
    void shouldDropNothingBelowTheLimitAfterAStop() throws Exception {
        // Given
        smallBehindLarge(Overflow.DROP_OLDEST);

        // When
        rig.close();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        takes(session.topic("orders"), MIB - HEAD_BYTES, 7);

        // Then
        TopicFigures figures = session.call(() -> session.link().describe(session.topic("orders")));
        assertThat(figures.counts().backlog()).isEqualTo(207);
    }

    @Test
    void shouldDropNothingBelowALimitThatComesLater() throws Exception {
        // Given messages that segments hold alone
        smallBehindLarge(0, Overflow.REJECT);
        rig.close();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        Topic topic = session.topic("orders");

        // When
        session.call(() -> session.link()
                .change(new CatalogChange.AlterTopic(topic.uuid(), byBytes(60_000, Overflow.DROP_OLDEST))));
        rig.flush();
        rig.settle();

        // Then
        assertThat(session.call(() -> session.link().describe(topic)).counts().backlog())
                .isEqualTo(200);
        send(topic, 50_000);
        rig.settle();
        assertThat(session.call(() -> session.link().describe(topic)).counts().backlog())
                .isBetween(30L, 80L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldKeepOverACrashWhatASmallLimitLeft(int seed) throws Exception {
        // Given messages of many sizes, some of them stored as one run
        Random random = new Random(seed);
        int[] sizes = {3, 10, 100, 1_000};
        Topic topic = session.create("orders", byBytes(8_000, Overflow.DROP_OLDEST));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        for (int i = 0; i < 60; i++) {
            send(topic, sizes[random.nextInt(sizes.length)]);
            session.publish(topic, 3, "m");
            int sent = 4 * (i + 1);
            await().pollInterval(POLL).until(() -> answered() == sent);
        }
        rig.flush();
        rig.settle();
        long backlog =
                session.call(() -> session.link().describe(topic)).counts().backlog();

        // When
        rig.crash();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        rig.settle();

        // Then
        TopicFigures figures = session.call(() -> session.link().describe(session.topic("orders")));
        assertThat(figures.counts().dropped()).isZero();
        assertThat(figures.counts().backlog()).isEqualTo(backlog);
    }

    @Test
    void shouldCountEachDroppedMessageOnceWhereThereIsNoGroup() throws Exception {
        // Given
        Topic topic = session.create("latest", limited(TopicKind.LOG, 1, 100, 0, Overflow.DROP_OLDEST, -1));

        // When
        for (int i = 0; i < 50; i++) {
            session.publish(topic, 40, "m");
        }
        await().until(() -> session.confirmed.get() == 2_000);
        rig.settle();

        // Then
        TopicFigures figures = session.call(() -> session.link().describe(topic));
        assertThat(figures.counts().kept()).isBetween(100L, 107L);
        assertThat(figures.counts().dropped())
                .isEqualTo(2_000 - figures.counts().kept());
    }

    @Test
    void shouldBringAGroupThatBeginsAboveTheLimitBelowIt() throws Exception {
        // Given
        Topic topic = session.create("latest", limited(TopicKind.LOG, 1, 0, 0, Overflow.REJECT, -1));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        session.publish(topic, 20, "m");
        await().until(() -> session.confirmed.get() == 20);
        session.subscribe("latest", "g", 20, StartPosition.first());
        await().until(() -> session.received.size() == 20);
        session.call(() -> session.link()
                .change(new CatalogChange.AlterTopic(
                        topic.uuid(), limited(TopicKind.LOG, 1, 5, 0, Overflow.DROP_OLDEST, -1))));
        rig.settle();

        // When
        session.createGroup(topic, "late", GroupSettings.DEFAULT);
        rig.settle();

        // Then
        TopicFigures figures = session.call(() -> session.link().describe(topic));
        assertThat(figures.counts().backlog()).isEqualTo(5);
    }

    private void deleteGroup(Topic topic, String name) throws Exception {
        int id = java.util.Objects.requireNonNull(
                        session.topic(topic.name().name()).group(name))
                .id();
        session.call(() -> session.link().change(new CatalogChange.DeleteGroup(id)));
    }

    private Topic finishedByAGroupThatIsGone() throws Exception {
        Topic topic = session.create("orders", limited(TopicKind.LOG, 1, 2, 0, Overflow.REJECT, -1));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        session.subscribe("orders", "g", 10, StartPosition.first());
        for (int i = 0; i < 4; i++) {
            send(topic, 10);
            int sent = i + 1;
            await().until(() -> session.received.size() == sent);
            rig.settle();
        }
        deleteGroup(topic, "g");
        return topic;
    }

    @Test
    void shouldLeaveFinishedWhatTheLastGroupHadFinished() throws Exception {
        // Given
        Topic topic = finishedByAGroupThatIsGone();

        // When
        int taken = takes(topic, 10, 3);

        // Then
        assertThat(taken).isEqualTo(2);
    }

    @Test
    void shouldLeaveItFinishedAfterACrash() throws Exception {
        // Given
        finishedByAGroupThatIsGone();
        rig.settle();

        // When
        rig.crash();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);

        // Then
        assertThat(takes(session.topic("orders"), 10, 3)).isEqualTo(2);
    }

    @Test
    void shouldLeaveItFinishedAfterAStop() throws Exception {
        // Given
        finishedByAGroupThatIsGone();

        // When
        rig.close();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);

        // Then
        assertThat(takes(session.topic("orders"), 10, 3)).isEqualTo(2);
    }

    @Test
    void shouldHandANewGroupWhatIsKeptAllTheSame() throws Exception {
        // Given
        Topic topic = finishedByAGroupThatIsGone();
        session.received.clear();

        // When
        session.subscribe("orders", "new", 10, StartPosition.first());

        // Then
        await().until(() -> session.received.size() == 4);
        assertThat(topic.name().name()).isEqualTo("orders");
    }
}
