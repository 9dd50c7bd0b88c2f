package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What taps and pattern subscriptions see. */
@Timeout(60)
class TapAndPatternTest {

    @TempDir
    Path directory;

    @Test
    void shouldFeedATapThatComesWhileTheLoopsLastOneGoes() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession first = rig.sessionOn(0);
            TestSession second = rig.sessionOn(0);
            Topic topic = first.create("news", TopicSettings.DEFAULT);
            SubscribeSpec tap = new SubscribeSpec(SubscribeSpec.Kind.TAP, "news", null, null, 1, StartPosition.next());
            SubscriptionLink going = first.call(() -> first.link().subscribe(tap));
            second.call(() -> {
                Future<SubscriptionLink> coming = second.link().subscribe(tap);
                going.close();
                return coming;
            });
            rig.settle();

            // When
            first.publish(topic, 1, "m");
            await().until(() -> first.confirmed.get() == 1);

            // Then
            assertThat(second.next().text()).isEqualTo("m0");
        }
    }

    @Test
    void shouldTellPatternSubscribersWhenTheOriginWasPublished() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("slow", NodeRig.log(1, 0, Overflow.BLOCK));
            session.subscribe("slow", "g", 100, StartPosition.next());
            TestSession other = rig.sessionOn(0);
            SubscribeSpec all =
                    new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "#", null, null, 1000, StartPosition.next());
            other.call(() -> other.link().subscribe(all));
            session.publish(topic, 1, "before");
            await().until(() -> other.received.size() == 1);

            // When
            rig.disk().stopJournalWhen(() -> true);
            session.publish(topic, 1, "written late");
            await().until(rig.disk()::journalStands);
            rig.passTime(60_000);
            rig.disk().letJournalGoOn();

            // Then
            await().until(() -> other.received.size() == 2 && session.received.size() == 2);
            assertThat(other.publishTimesMs).isEqualTo(session.publishTimesMs);
        }
    }
}
