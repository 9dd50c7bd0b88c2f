package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import org.junit.jupiter.api.Test;

/** Topics that end by themselves, over the end of a process. */
class TopicEndsTest {

    private static final long EXPIRES_MS = 60_000;

    private static boolean isThere(SimRig rig, String topic) {
        return rig.node().catalog().topic(TopicName.of(topic)) != null;
    }

    private static Topic create(SimRig rig, String name, TopicSettings settings) throws Exception {
        return rig.sessionOn(0).create(name, settings);
    }

    private static TopicSettings passing() {
        return TopicSettings.DEFAULT.with(TopicSettings.TRANSIENT, true);
    }

    @Test
    void shouldEndWhatIsTransientWhenTheNodeStarts() throws Exception {
        try (SimRig rig = SimRig.start(1)) {
            // Given
            create(rig, "stays", TopicSettings.DEFAULT);
            for (String name : new String[] {"goes", "goes-too"}) {
                Topic goes = create(rig, name, passing());
                rig.sessionOn(1).publish(goes, 10, "old");
            }
            rig.settle();
            rig.checkpoint();

            // When
            rig.stop();
            rig.restart();
            boolean staysAfterStop = isThere(rig, "stays");
            boolean goesAfterStop = isThere(rig, "goes") || isThere(rig, "goes-too");
            create(rig, "goes", passing());
            rig.crash();
            rig.restart();

            // Then
            assertThat(staysAfterStop).isTrue();
            assertThat(goesAfterStop).isFalse();
            assertThat(isThere(rig, "goes")).isFalse();
            assertThat(isThere(rig, "stays")).isTrue();
        }
    }

    @Test
    void shouldEndWhatBelongedToAConnectionWhenTheNodeStarts() throws Exception {
        try (SimRig rig = SimRig.start(5)) {
            // Given
            create(rig, "mine", TopicSettings.DEFAULT.with(TopicSettings.EXCLUSIVE, true));

            // When
            rig.crash();
            rig.restart();

            // Then
            assertThat(isThere(rig, "mine")).isFalse();
        }
    }

    @Test
    void shouldMakeATransientTopicAnewWithoutItsOldMessages() throws Exception {
        try (SimRig rig = SimRig.start(2)) {
            // Given
            rig.sessionOn(0).publish(create(rig, "goes", passing()), 10, "old");
            rig.settle();
            rig.stop();
            rig.restart();

            // When
            TestSession session = rig.sessionOn(0);
            Topic anew = session.create("goes", passing());
            session.publish(anew, 1, "new");
            session.subscribe("goes", "g", 100, StartPosition.first());
            rig.settle();

            // Then
            assertThat(session.received).extracting(TestSession.Received::text).containsExactly("new0");
        }
    }

    @Test
    void shouldCountAnewFromTheStart() throws Exception {
        try (SimRig rig = SimRig.start(3)) {
            // Given
            TopicSettings expires = TopicSettings.DEFAULT.with(TopicSettings.EXPIRES, EXPIRES_MS);
            rig.sessionOn(0).publish(create(rig, "stored", expires), 3, "m");
            create(rig, "never-used", expires);
            rig.pass(EXPIRES_MS - 1_000);

            // When
            rig.stop();
            rig.restart();
            rig.pass(EXPIRES_MS - 1_000);
            boolean before = isThere(rig, "stored") && isThere(rig, "never-used");
            rig.pass(2_000);

            // Then
            assertThat(before).isTrue();
            assertThat(isThere(rig, "stored")).isFalse();
            assertThat(isThere(rig, "never-used")).isFalse();
        }
    }

    @Test
    void shouldNotEndWithMembersThatLeaveBecauseTheBrokerStops() throws Exception {
        try (SimRig rig = SimRig.start(4)) {
            // Given
            create(rig, "brief", TopicSettings.DEFAULT.with(TopicSettings.AUTO_DELETE, true));
            TestSession session = rig.sessionOn(0);
            session.subscribe("brief", "g", 100, StartPosition.first());

            // When
            rig.node().drain();
            session.run(() -> session.link().close());
            rig.pass(1_000);
            boolean drained = isThere(rig, "brief");
            rig.stop();
            rig.restart();
            rig.pass(1_000);

            // Then
            assertThat(drained).isTrue();
            assertThat(isThere(rig, "brief")).isTrue();
        }
    }

    @Test
    void shouldWaitForDeadLettersThatAreOnTheirWay() throws Exception {
        try (SimRig rig = SimRig.start(6)) {
            // Given
            TestSession session = rig.sessionOn(0);
            session.acknowledge(false);
            Topic graves = session.create("graves", NodeRig.log(1, 1, Overflow.REJECT));
            session.createGroup(graves, "keeper", GroupSettings.DEFAULT);
            session.publish(graves, 1, "full");
            Topic brief = session.create("brief", TopicSettings.DEFAULT.with(TopicSettings.AUTO_DELETE, true));
            session.createGroup(brief, "g", GroupSettings.DEFAULT.with(GroupSettings.DEAD_LETTER, "graves"));
            SubscriptionLink subscription = session.subscribe("brief", "g", 100, StartPosition.first());
            session.publish(brief, 1, "dead");
            TestSession.Received received = session.next();

            // When
            session.run(() -> subscription.reject(0, received.offset(), "broken"));
            session.run(subscription::close);
            rig.pass(2_000);
            boolean before = isThere(rig, "brief");
            session.call(() -> session.link().purge(graves));
            rig.pass(20_000);

            // Then
            assertThat(before).isTrue();
            assertThat(isThere(rig, "brief")).isFalse();
            session.subscribe("graves", "keeper", 100, StartPosition.first());
            assertThat(session.next().text()).isEqualTo("dead0");
        }
    }
}
