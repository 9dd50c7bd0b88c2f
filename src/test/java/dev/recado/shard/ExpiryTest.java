package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that lived for longer than they may, while nobody takes any. */
@Timeout(60)
class ExpiryTest {

    private static final long TTL_MS = 60_000;

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

    private static TopicSettings settings(TopicKind kind, Durability durability, long limitMessages, long ttlMs) {
        return NodeRig.settings(kind, durability, 1, limitMessages, 0, Overflow.REJECT, ttlMs);
    }

    private Topic create(TopicKind kind, Durability durability, long ttlMs) throws Exception {
        return session.create("alerts", settings(kind, durability, 3, ttlMs));
    }

    private void publish(Topic topic, int count) throws Exception {
        long before = session.confirmed.get();
        session.publish(topic, count, "m");
        await().until(() -> session.confirmed.get() == before + count);
    }

    private TopicFigures figures() throws Exception {
        Topic topic = session.topic("alerts");
        return session.call(() -> session.link().describe(topic));
    }

    private void passTtl() throws Exception {
        rig.passTime(TTL_MS + Expiry.EVERY_MS);
    }

    private void awaitBacklog(long messages) {
        await().until(() -> figures().counts().backlog() == messages);
    }

    @Test
    void shouldMakeRoomInALogThatNobodyReads() throws Exception {
        // Given
        Topic topic = create(TopicKind.LOG, Durability.FSYNC, TTL_MS);
        publish(topic, 3);
        session.publish(topic, 1, "too-many");
        await().until(() -> session.refusals.size() == 1);

        // When
        passTtl();

        // Then
        awaitBacklog(0);
        publish(topic, 3);
        assertThat(figures().counts().expired()).isEqualTo(3);
        assertThat(figures().counts().kept()).isEqualTo(3);
    }

    @Test
    void shouldGoThroughManyWithoutStandingInTheWay() throws Exception {
        // Given: several turns' worth, in runs that memory holds
        Topic topic = session.create("alerts", settings(TopicKind.LOG, Durability.FSYNC, 0, TTL_MS));
        publish(topic, 20_000);

        // When
        passTtl();

        // Then
        awaitBacklog(0);
        assertThat(figures().counts().expired()).isEqualTo(20_000);
        publish(topic, 1);
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        publish(topic, 20_000);
        passTtl();
        awaitBacklog(0);
        assertThat(figures().counts().expired()).isBetween(40_000L, 40_001L);
    }

    @Test
    void shouldFinishThemForGroupsWithoutMembers() throws Exception {
        // Given
        Topic topic = create(TopicKind.LOG, Durability.FSYNC, TTL_MS);
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        session.createGroup(topic, "h", GroupSettings.DEFAULT);
        publish(topic, 3);

        // When
        passTtl();

        // Then
        awaitBacklog(0);
        publish(topic, 1);
        assertThat(figures().counts().expired()).isEqualTo(6);
        session.subscribe("alerts", "g", 10, StartPosition.first());
        assertThat(session.next().offset()).isEqualTo(3);
    }

    @Test
    void shouldGiveBackTheSpaceOfAQueueThatNobodyReads() throws Exception {
        // Given
        Topic topic = create(TopicKind.QUEUE, Durability.FSYNC, TTL_MS);
        publish(topic, 3);
        rig.flush();
        rig.settle();

        // When
        passTtl();

        // Then
        await().until(() -> figures().counts().kept() == 0);
        publish(topic, 1);
    }

    @Test
    void shouldFinishThemInMemory() throws Exception {
        // Given
        Topic topic = create(TopicKind.QUEUE, Durability.MEMORY, TTL_MS);
        publish(topic, 3);

        // When
        passTtl();

        // Then
        awaitBacklog(0);
        publish(topic, 1);
    }

    @Test
    void shouldFinishWhatOnlySegmentsHold() throws Exception {
        // Given
        Topic topic = create(TopicKind.LOG, Durability.FSYNC, TTL_MS);
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        publish(topic, 3);
        rig.close();
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);

        // When
        passTtl();

        // Then
        awaitBacklog(0);
        assertThat(figures().counts().expired()).isEqualTo(3);
    }

    @Test
    void shouldFinishWhatCameBack() throws Exception {
        // Given
        Topic topic = create(TopicKind.LOG, Durability.FSYNC, TTL_MS);
        session.acknowledge(false);
        SubscriptionLink held = session.subscribe("alerts", "g", 10, StartPosition.first());
        publish(topic, 2);
        await().until(() -> session.received.size() == 2);
        session.call(held::close);

        // When
        passTtl();

        // Then
        awaitBacklog(0);
    }

    @Test
    void shouldKeepWhatSomebodyHoldsAndWhatHasNotExpired() throws Exception {
        // Given
        Topic topic = create(TopicKind.LOG, Durability.FSYNC, TTL_MS);
        session.acknowledge(false);
        session.subscribe("alerts", "g", 1, StartPosition.first());
        publish(topic, 2);
        await().until(() -> session.received.size() == 1);
        rig.passTime(TTL_MS / 2);
        publish(topic, 1);

        // When
        rig.passTime(TTL_MS / 2 + 1);

        // Then
        awaitBacklog(2);
        assertThat(figures().groups().get(0).unfinished().leased()).isEqualTo(1);
    }

    @Test
    void shouldJudgeHeadFirstByTheMessagesOwnTime() throws Exception {
        // Given
        Topic topic = create(TopicKind.LOG, Durability.FSYNC, -1);
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        byte[] payload = "m".getBytes(StandardCharsets.UTF_8);
        for (long ttlMs : new long[] {1_000, -1, 1_000}) {
            session.run(() -> {
                Draft draft = new Draft().payload(payload, 0, 1);
                draft.ttlMs = ttlMs;
                session.link().publish(topic, draft, 0);
            });
        }
        await().until(() -> session.confirmed.get() == 3);

        // When
        passTtl();

        // Then
        awaitBacklog(2);
        session.subscribe("alerts", "g", 10, StartPosition.first());
        await().until(() -> figures().counts().expired() == 2);
        assertThat(session.received).extracting(TestSession.Received::offset).containsExactly(1L);
    }
}
