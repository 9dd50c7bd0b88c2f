package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session can ask of the broker, one thing a test, on a real node. */
@Timeout(60)
class NodeFeaturesTest {

    @TempDir
    Path directory;

    private TestNode node;
    private TestSession session;
    private TestSession other;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(directory);
        session = node.session();
        other = node.session();
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    private static TopicSettings settings(
            TopicKind kind, Durability durability, int partitions, long limitMessages, Overflow overflow) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.KIND, kind)
                .with(TopicSettings.DURABILITY, durability)
                .with(TopicSettings.PARTITIONS, partitions)
                .with(TopicSettings.LIMIT_MESSAGES, limitMessages)
                .with(TopicSettings.OVERFLOW, overflow);
    }

    private void group(Topic topic, String name, GroupSettings settings) throws Exception {
        session.call(() -> session.link()
                .change(new CatalogChange.CreateGroup(
                        topic.uuid(), name, GroupKind.NAMED, settings, StartPosition.first(), 0, false)));
    }

    private static GroupSettings quick(int maxDeliveries) {
        GroupSettings base = GroupSettings.DEFAULT;
        return base.with(GroupSettings.MAX_DELIVERIES, maxDeliveries)
                .with(GroupSettings.BACK_OFF_MS, 0)
                .with(GroupSettings.BACK_OFF_MAX_MS, 0);
    }

    @Test
    void shouldRejectBeyondTheLimit() throws Exception {
        // Given
        Topic topic = session.create("small", settings(TopicKind.LOG, Durability.FSYNC, 1, 10, Overflow.REJECT));
        group(topic, "g", GroupSettings.DEFAULT);

        // When
        session.publish(topic, 15, "m");

        // Then
        await().until(() -> session.confirmed.get() == 10 && session.refusals.size() == 5);
        assertThat(session.refusals).allMatch(refusal -> refusal.code() == ErrorCode.TOPIC_FULL);
    }

    @Test
    void shouldParkBeyondTheLimitUntilThereIsRoom() throws Exception {
        // Given
        Topic topic = session.create("small", settings(TopicKind.LOG, Durability.FSYNC, 1, 10, Overflow.BLOCK));
        group(topic, "g", GroupSettings.DEFAULT);
        session.publish(topic, 25, "m");
        await().until(() -> session.confirmed.get() == 10);

        // When
        other.subscribe("small", "g", 4, StartPosition.first());

        // Then
        for (int i = 0; i < 25; i++) {
            assertThat(other.next().text()).isEqualTo("m" + i);
        }
        await().until(() -> session.confirmed.get() == 25);
    }

    @Test
    void shouldDropTheOldestBeyondTheLimit() throws Exception {
        // Given
        Topic topic = session.create("small", settings(TopicKind.LOG, Durability.MEMORY, 1, 10, Overflow.DROP_OLDEST));
        group(topic, "g", GroupSettings.DEFAULT);

        // When
        session.publish(topic, 25, "m");
        await().until(() -> session.confirmed.get() == 25);
        other.subscribe("small", "g", 100, StartPosition.first());

        // Then
        for (int i = 15; i < 25; i++) {
            assertThat(other.next().text()).isEqualTo("m" + i);
        }
    }

    @Test
    void shouldAnswerADuplicateOfANumberedProducerWithItsFirstOffset() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        byte[] payload = "once".getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft().payload(payload, 0, payload.length);

        // When
        for (int i = 0; i < 3; i++) {
            long ticket = i;
            session.run(() -> session.link().publishNumbered(topic, draft, ticket, "p1", 7));
        }

        // Then
        await().until(() -> session.confirmed.get() == 3);
        assertThat(session.call(() -> session.link().describe(topic)).counts().kept())
                .isEqualTo(1);
        assertThat(session.call(() -> session.link().producer("p1", 0))).isEqualTo(8);
    }

    @Test
    void shouldRememberNumbersThroughACrash() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        byte[] payload = "once".getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft().payload(payload, 0, payload.length);
        session.run(() -> session.link().publishNumbered(topic, draft, 0, "p1", 7));
        await().until(() -> session.confirmed.get() == 1);
        node.crash();

        // When
        node = TestNode.start(directory);
        TestSession again = node.session();
        Topic now = again.topic("orders");
        again.run(() -> again.link().publishNumbered(now, draft, 0, "p1", 7));
        await().until(() -> again.confirmed.get() == 1);

        // Then
        assertThat(again.call(() -> again.link().describe(now)).counts().kept()).isEqualTo(1);
    }

    @Test
    void shouldDeadLetterAfterTheLastDelivery() throws Exception {
        // Given
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        group(topic, "g", quick(2));
        other.acknowledge(false);
        SubscriptionLink subscription = other.subscribe("jobs", "g", 10, StartPosition.first());
        session.publish(topic, 1, "bad");

        // When
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(other.next().attempt()).isEqualTo(attempt);
            other.run(() -> subscription.nack(0, 0, 0));
        }

        // Then
        await().until(() -> session.link().catalog().topic(TopicName.of("jobs.dead")) != null);
        TestSession undertaker = node.session();
        undertaker.subscribe("jobs.dead", "u", 10, StartPosition.first());
        assertThat(undertaker.next().text()).isEqualTo("bad0");
        await().untilAsserted(() -> assertThat(session.call(() -> session.link().describe(topic))
                        .counts()
                        .backlog())
                .isZero());
    }

    @Test
    void shouldServePullsBehindOnesOwnPublishes() throws Exception {
        // Given
        Topic topic = session.create("default", TopicSettings.DEFAULT);
        SubscriptionLink subscription = session.call(() -> session.link()
                .subscribe(
                        new SubscribeSpec(SubscribeSpec.Kind.PULL, "default", null, "me", 1, StartPosition.first())));

        // When
        session.publish(topic, 1, "m");
        session.run(() -> subscription.pull(1));
        session.run(() -> subscription.pull(2));

        // Then
        assertThat(session.nextAnswer()).isEqualTo("m0");
        assertThat(session.nextAnswer()).isEqualTo("none");
    }

    @Test
    void shouldPutTheEleventhConsumerIntoASecondGroup() throws Exception {
        // Given
        session.create("default", TopicSettings.DEFAULT);

        // When
        Set<String> groups = new HashSet<>();
        for (int i = 0; i < 11; i++) {
            TestSession each = node.session();
            groups.add(each.call(() -> each.link()
                            .subscribe(new SubscribeSpec(
                                    SubscribeSpec.Kind.PULL, "default", null, null, 1, StartPosition.first())))
                    .group());
            if (i == 9) {
                assertThat(groups).containsExactly("group-1");
            }
        }

        // Then
        assertThat(groups).containsExactlyInAnyOrder("group-1", "group-2");
    }

    @Test
    void shouldCountIgnoredAcknowledgementsForGood() throws Exception {
        // Given
        Topic topic = session.create("t", TopicSettings.DEFAULT);
        SubscriptionLink mine = session.subscribe("t", "g", 10, StartPosition.next());
        session.run(() -> {
            mine.ack(0, 5, 5);
            session.link().ackIgnored();
        });
        GroupDef group = session.link().catalog().topic(topic.name()).group("g");

        // When
        Long open = session.call(() -> session.link().figures()).values().get("acks_ignored");
        session.call(() -> session.link().change(new CatalogChange.DeleteGroup(group.id())));
        session.nextAnswer();
        Long gone = session.call(() -> session.link().figures()).values().get("acks_ignored");

        // Then
        assertThat(open).isEqualTo(2);
        assertThat(gone).isEqualTo(2);
    }

    @Test
    void shouldAnswerARequest() throws Exception {
        // Given
        Topic topic = session.create("calc", TopicSettings.DEFAULT);
        byte[] payload = "2+2".getBytes(StandardCharsets.UTF_8);
        session.run(() -> session.link().request(topic, new Draft().payload(payload, 0, 3), 0, 42));
        List<Browsed> browsed = session.call(() -> session.link().browse(topic, StartPosition.first(), 10));
        dev.recado.core.message.MessageView view = new dev.recado.core.message.MessageView();
        view.read(browsed.get(0).run().bytes(), browsed.get(0).position());
        String replyTo =
                dev.recado.core.message.Headers.find(view.bytes, view.headersStart, view.headersLength, "reply-to");

        // When
        byte[] four = "4".getBytes(StandardCharsets.UTF_8);
        other.run(() -> other.link().reply(replyTo, new Draft().payload(four, 0, 1)));

        // Then
        assertThat(session.nextAnswer()).isEqualTo("reply 42 4");
    }

    @Test
    void shouldEndSubscriptionsOfADeletedTopic() throws Exception {
        // Given
        Topic topic = session.create("gone", TopicSettings.DEFAULT);
        session.publish(topic, 10, "m");
        other.acknowledge(false);
        other.subscribe("gone", "g", 100, StartPosition.first());
        other.next();

        // When
        session.call(() -> session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));

        // Then
        assertThat(other.nextAnswer()).isEqualTo("ended topic deleted");
        assertThat(session.link().catalog().topic(TopicName.of("gone"))).isNull();
    }

    @Test
    void shouldShareCreditAmongPartitions() throws Exception {
        // Given
        Topic topic = session.create("wide", settings(TopicKind.LOG, Durability.FSYNC, 8, 0, Overflow.BLOCK));
        other.subscribe("wide", "g", 2, StartPosition.first());

        // When
        session.publish(topic, 400, "m");

        // Then
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            texts.add(other.next().text());
        }
        assertThat(texts).hasSize(400);
    }

    @Test
    void shouldReplayAfterAReset() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.publish(topic, 10, "m");
        other.subscribe("orders", "g", 100, StartPosition.first());
        for (int i = 0; i < 10; i++) {
            other.next();
        }

        // When
        session.call(() -> session.link().resetGroup(session.topic("orders"), "g", new StartPosition.AtOffset(7)));

        // Then
        assertThat(other.next().text()).isEqualTo("m7");
    }

    @Test
    void shouldKeepNothingOfAPurgedQueue() throws Exception {
        // Given
        Topic topic = session.create("jobs", settings(TopicKind.QUEUE, Durability.FSYNC, 1, 0, Overflow.BLOCK));
        session.publish(topic, 10, "m");

        // When
        long purged = session.call(() -> session.link().purge(topic));

        // Then
        assertThat(purged).isEqualTo(10);
        assertThat(session.call(() -> session.link().describe(topic)).counts().kept())
                .isZero();
    }

    @Test
    void shouldAnswerADurableAcknowledgement() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        other.acknowledge(false);
        SubscriptionLink subscription = other.subscribe("orders", "g", 10, StartPosition.first());
        session.publish(topic, 1, "m");
        other.next();

        // When
        other.run(() -> subscription.ackDurably(0, 0));

        // Then
        assertThat(other.nextAnswer()).isEqualTo("acked 0");
        node.crash();
        node = TestNode.start(directory);
        TestSession again = node.session();
        assertThat(again.call(() -> again.link().describe(again.topic("orders")))
                        .counts()
                        .backlog())
                .isZero();
    }
}
