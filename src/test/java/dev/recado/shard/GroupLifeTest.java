package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestNode;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups that come, fill and go while others join them. */
@Timeout(60)
class GroupLifeTest {

    @TempDir
    Path directory;

    @Test
    void shouldKeepAutomaticGroupsToTheirSize() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession publisher = rig.sessionOn(1);
            Topic topic = publisher.create("news", TopicSettings.DEFAULT);
            SubscribeSpec spec =
                    new SubscribeSpec(SubscribeSpec.Kind.PULL, "news", null, null, 1, StartPosition.first());
            for (int i = 0; i < 9; i++) {
                TestSession each = rig.sessionOn(0);
                each.call(() -> each.link().subscribe(spec));
            }
            List<TestSession> late = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                late.add(rig.sessionOn(0));
            }

            // When
            List<Future<SubscriptionLink>> joining = new ArrayList<>();
            for (TestSession each : late) {
                publisher.publish(topic, 50, "m");
                each.run(() -> joining.add(each.link().subscribe(spec)));
            }
            for (Future<SubscriptionLink> each : joining) {
                TestNode.await(each);
            }

            // Then
            TopicFigures figures = publisher.call(() -> publisher.link().describe(topic));
            assertThat(figures.groups()).isNotEmpty().allMatch(group -> group.members() <= 10);
        }
    }

    @Test
    void shouldNotReviveAGroupThatIsDeletedWhileSomebodyJoins() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            TestSession other = rig.sessionOn(1);
            Topic topic = session.create("wide", NodeRig.log(64, 0, Overflow.BLOCK));
            session.publish(topic, 640, "m");
            await().until(() -> session.confirmed.get() == 640);

            // When
            for (int round = 0; round < 10; round++) {
                other.publish(topic, 640, "x");
                joinAndDelete(session, rig.sessionOn(1), "g" + round);
            }

            // Then
            rig.settle();
            assertThat(session.call(() -> session.link().describe(session.topic("wide")))
                            .groups())
                    .isEmpty();
        }
    }

    @Test
    void shouldLetInWhoHearsOfAGroupBeforeItsPartitionDoes() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given a topic that is at home on another loop than the catalog, and has a message
            TestSession first = rig.sessionOn(0);
            TestSession second = rig.sessionOn(1);
            Topic topic = first.create("t0", TopicSettings.DEFAULT);
            for (int i = 1; rig.homeOf(topic) != 1; i++) {
                topic = first.create("t" + i, TopicSettings.DEFAULT);
            }
            String name = topic.name().name();
            first.publish(topic, 1, "m");
            await().until(() -> first.confirmed.get() == 1);
            SubscribeSpec spec =
                    new SubscribeSpec(SubscribeSpec.Kind.GROUP, name, "g", null, 100, StartPosition.first());

            // When that loop is busy until the group is in the catalog, and has a member for it before the news of it
            Promise<SubscriptionLink> joined = Promise.promise();
            rig.loops().get(1).execute(() -> {
                awaitGroup(rig, name, "g");
                second.link().subscribe(spec).onComplete(joined);
            });
            SubscriptionLink made = first.subscribe(name, "g", 100, StartPosition.first());

            // Then
            assertThat(TestNode.await(joined.future()).group()).isEqualTo(made.group());
        }
    }

    private static void awaitGroup(NodeRig rig, String topic, String group) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        TopicName name = TopicName.of(topic);
        Topic now = rig.node().catalog().topic(name);
        while ((now == null || now.group(group) == null) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            now = rig.node().catalog().topic(name);
        }
    }

    private static void joinAndDelete(TestSession session, TestSession joiner, String name) throws Exception {
        SubscriptionLink first = session.subscribe("wide", name, 100, StartPosition.first());
        session.call(first::close);
        int group = session.topic("wide").group(name).id();
        SubscribeSpec spec =
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "wide", name, null, 100, StartPosition.first());
        List<Future<SubscriptionLink>> joining = new ArrayList<>();
        joiner.run(() -> joining.add(joiner.link().subscribe(spec)));
        session.call(() -> session.link().change(new CatalogChange.DeleteGroup(group)));
        // Joined or refused: either is right.
        TestNode.await(joining.get(0).otherwiseEmpty());
    }
}
