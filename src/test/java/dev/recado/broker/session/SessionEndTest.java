package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that end in the middle of something, and the node that stops under them. */
@Timeout(60)
class SessionEndTest {

    @TempDir
    Path directory;

    @Test
    void shouldForgetParkedPublishesOfASessionThatIsGone() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("small", NodeRig.log(1, 1, Overflow.BLOCK));
            CatalogChange group = new CatalogChange.CreateGroup(
                    topic.uuid(), "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false);
            session.call(() -> session.link().change(group));
            session.publish(topic, 1, "full");
            await().until(() -> session.confirmed.get() == 1);
            TestSession dying = rig.sessionOn(1);
            Draft once = draft("once");
            dying.run(() -> {
                dying.link().publishNumbered(topic, once, 1, "p", 7);
                dying.link().close();
            });
            rig.settle();

            // When
            TestSession again = rig.sessionOn(1);
            again.call(() -> again.link().producer("p", 0));
            again.run(() -> again.link().publishNumbered(topic, once, 1, "p", 7));
            rig.settle();
            TestSession consumer = rig.sessionOn(0);
            consumer.subscribe("small", "g", 10, StartPosition.first());
            await().until(() -> again.confirmed.get() == 1);

            // Then
            session.publish(topic, 1, "end");
            await().until(() ->
                    consumer.received.stream().anyMatch(each -> each.text().equals("end0")));
            assertThat(consumer.received.stream().map(TestSession.Received::text))
                    .containsExactly("full0", "once", "end0");
        }
    }

    private static Draft draft(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return new Draft().payload(payload, 0, payload.length);
    }

    @Test
    void shouldForgetTheIdOfASessionThatDiedWhileJoining() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            rig.sessionOn(0).create("news", TopicSettings.DEFAULT);
            SubscribeSpec spec =
                    new SubscribeSpec(SubscribeSpec.Kind.PULL, "news", null, null, 1, StartPosition.first());

            // When
            for (int i = 0; i < 20; i++) {
                TestSession dying = rig.sessionOn(1);
                dying.run(() -> {
                    dying.link().subscribe(spec);
                    dying.link().close();
                });
            }

            // Then
            rig.settle();
            assertThat(idsHeld(rig)).isZero();
        }
    }

    @Test
    void shouldGiveASessionSoManyIdsAndNoMore() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(1);
            for (int i = 0; i < 64; i++) {
                String id = "p" + i;
                session.call(() -> session.link().producer(id, 0));
            }

            // When / Then
            assertThatThrownBy(() -> session.call(() -> session.link().producer("one more", 0)))
                    .hasStackTraceContaining("limit=64");
            session.call(() -> session.link().producer("p0", 0));
            assertThat(idsHeld(rig)).isEqualTo(64);
            TestSession newer = rig.sessionOn(0);
            newer.call(() -> newer.link().producer("p0", 0));
            assertThat(idsHeld(rig)).isEqualTo(1);
        }
    }

    /** As a client does that asks for one message at a time, by a consumer of its own for each. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "again and again")
    void shouldGiveBackTheIdsOfConsumersThatEnded(@Nullable String id) throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(1);
            session.create("news", TopicSettings.DEFAULT);
            SubscribeSpec spec = new SubscribeSpec(SubscribeSpec.Kind.PULL, "news", null, id, 1, StartPosition.first());
            SubscriptionLink stays = session.call(() -> session.link().subscribe(spec));

            // When
            for (int i = 0; i < 70; i++) {
                SubscriptionLink one = session.call(() -> session.link().subscribe(spec));
                session.run(one::close);
            }

            // Then
            rig.settle();
            assertThat(idsHeld(rig)).isEqualTo(1);
            session.run(stays::close);
            rig.settle();
            assertThat(idsHeld(rig)).isZero();
        }
    }

    /** Asked by reflection: nothing in the product wants to know it. */
    private static int idsHeld(NodeRig rig) throws Exception {
        Field holders = Registry.class.getDeclaredField("holders");
        holders.setAccessible(true);
        Map<?, ?> held = (Map<?, ?>) holders.get(rig.sessions().shared().registry());
        return NodeRig.ask(rig.loops().get(0), held::size);
    }

    @Test
    void shouldNotFailWhileItStopsUnderLoad() throws Exception {
        for (int round = 0; round < 4; round++) {
            NodeRig rig = NodeRig.start(Files.createDirectories(directory.resolve("n" + round)));
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("orders", TopicSettings.DEFAULT);
            SubscriptionLink mine = session.subscribe("orders", "g", 100_000, StartPosition.first());
            session.acknowledge(false);
            session.publish(topic, 2_000, "m");
            await().until(() -> session.received.size() >= 2_000);

            // When
            Future<Void> stopping = rig.beginStop();
            AtomicLong next = new AtomicLong();
            while (!stopping.isComplete()) {
                session.run(() -> mine.ack(0, next.get(), next.getAndIncrement()));
            }
            acknowledgeOverTicks(rig, session, mine, next);

            // Then
            assertThat(rig.failures()).as("round " + round).isEmpty();
            rig.crash();
        }
    }

    /** Goes on acknowledging while every loop ticks some times more, with progress old enough to be written. */
    private static void acknowledgeOverTicks(NodeRig rig, TestSession session, SubscriptionLink mine, AtomicLong next)
            throws Exception {
        AtomicInteger ticks = new AtomicInteger();
        rig.loops().get(0).every(50, ticks::incrementAndGet);
        rig.passTime(1_000);
        await().until(() -> {
            session.run(() -> mine.ack(0, next.get(), next.getAndIncrement()));
            return ticks.get() >= 6;
        });
    }
}
