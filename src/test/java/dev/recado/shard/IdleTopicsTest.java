package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.Patience;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Durability;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that nothing happens to are not visited, and what is due there comes all the same. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class IdleTopicsTest {

    /** Rates rest after two samples of 10 s, heads after they were looked at once more. */
    private static final long REST_MS = 40_000;

    private static final long IDLE_MS = 60_000;

    private final long seed;
    private SimRig rig;
    private TestSession session;
    private TestSession other;

    IdleTopicsTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() {
        rig = SimRig.start(seed);
        session = rig.sessionOn(0);
        other = rig.sessionOn(1);
        other.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private long visits() {
        return rig.node().owners().stream().mapToLong(ShardProbe::visits).sum();
    }

    private long visitsWhileIdle() {
        rig.pass(REST_MS);
        long before = visits();
        rig.pass(IDLE_MS);
        return visits() - before;
    }

    private static TopicSettings settings(long limitMessages, Overflow overflow, long ttlMs) {
        return NodeRig.settings(TopicKind.LOG, Durability.FSYNC, 1, limitMessages, 0, overflow, ttlMs);
    }

    @Test
    void shouldNotVisitTopicsWithoutTraffic() throws Exception {
        // Given topics that keep messages, some with a group that has some left, some with a member at the end
        List<Topic> topics = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Topic topic = session.create("t" + i, TopicSettings.DEFAULT);
            topics.add(topic);
            session.publish(topic, 3, "m");
            if (i % 2 == 0) {
                session.createGroup(topic, "left", GroupSettings.DEFAULT);
            }
            if (i % 3 == 0) {
                session.subscribe("t" + i, "member", 10, StartPosition.first());
            }
        }
        rig.until(() -> session.received.size() == 3 * 7);

        // When
        long idle = visitsWhileIdle();

        // Then
        assertThat(idle).isZero();
        session.publish(topics.get(0), 1, "n");
        rig.settle();
        assertThat(visits()).isPositive();
        assertThat(session.received.size()).isEqualTo(3 * 7 + 1);
    }

    @Test
    void shouldRestAfterAStartToo() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.createGroup(topic, "left", GroupSettings.DEFAULT);
        session.publish(topic, 3, "m");
        rig.settle();
        rig.stop();

        // When
        rig.restart();

        // Then
        assertThat(visitsWhileIdle()).isZero();
    }

    @Test
    void shouldDeliverAgainWhenALeaseEndsOnATopicThatRests() throws Exception {
        // Given
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        session.createGroup(topic, "g", GroupSettings.DEFAULT.with(GroupSettings.LEASE_MS, 3_600_000));
        other.subscribe("jobs", "g", 10, StartPosition.first());
        session.publish(topic, 1, "m");
        assertThat(other.next().attempt()).isEqualTo(1);
        long idle = visitsWhileIdle();

        // When
        rig.passTime(3_600_000);
        rig.settle();

        // Then
        assertThat(idle).isZero();
        assertThat(other.next().attempt()).isEqualTo(2);
    }

    @Test
    void shouldKeepToALeaseThatWasCutShort() throws Exception {
        // Given
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        SubscriptionLink jobs = other.subscribe("jobs", "g", 10, StartPosition.first());
        session.publish(topic, 1, "m");
        TestSession.Received first = other.next();
        rig.pass(1_000);

        // When
        other.run(() -> jobs.extend(0, first.offset(), 300));
        rig.pass(500);

        // Then
        assertThat(other.received.size()).isEqualTo(1);
    }

    @Test
    void shouldEndABackOffOnATopicThatRests() throws Exception {
        // Given
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        SubscriptionLink jobs = other.subscribe("jobs", "g", 10, StartPosition.first());
        session.publish(topic, 1, "m");
        TestSession.Received first = other.next();
        other.run(() -> jobs.nack(0, first.offset(), 3_600_000));
        long idle = visitsWhileIdle();

        // When
        rig.passTime(3_600_000);
        rig.settle();

        // Then
        assertThat(idle).isZero();
        assertThat(other.next().attempt()).isEqualTo(2);
    }

    @Test
    void shouldLetMessagesExpireThatCameToATopicThatRested() throws Exception {
        // Given
        Topic topic = session.create("alerts", settings(0, Overflow.BLOCK, 60_000));
        long idle = visitsWhileIdle();
        session.publish(topic, 3, "m");

        // When
        rig.pass(60_000 + Expiry.EVERY_MS + 1_000);

        // Then
        assertThat(idle).isZero();
        assertThat(session.call(() -> session.link().describe(topic)).counts().expired())
                .isEqualTo(3);
        assertThat(visitsWhileIdle()).isZero();
    }

    @Test
    void shouldRefuseWhatWaitsForTooLongAndRestThen() throws Exception {
        // Given
        Topic topic = session.create("full", settings(1, Overflow.BLOCK, -1));
        session.publish(topic, 1, "m");
        rig.settle();
        TestSession waiting = rig.sessionOn(1, Patience.REFUSE);
        waiting.publish(topic, 1, "late");

        // When
        rig.until(() -> waiting.refusals.size() == 1);

        // Then
        assertThat(visitsWhileIdle()).isZero();
    }

    @Test
    void shouldTellOfARateAfterARest() throws Exception {
        // Given
        Topic topic = session.create("t", TopicSettings.DEFAULT);
        session.publish(topic, 1, "m");
        rig.pass(REST_MS + IDLE_MS);

        // When 10/s for 5 s
        for (int i = 0; i < 50; i++) {
            session.publish(topic, 1, "m");
            rig.pass(100);
        }

        // Then it is that of the last 10 to 20 s
        assertThat(session.call(() -> session.link().describe(topic)).ratePerSecond())
                .isBetween(2.0, 6.0);
    }
}
