package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Messages that somebody put off: over restarts, and more of them than a group may keep track of. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class PutOffTest {

    private static final long HOUR = 3_600_000;
    private static final long MINUTE = 60_000;

    private final long seed;

    PutOffTest(long seed) {
        this.seed = seed;
    }

    /** Publishes a message, puts it off for an hour and ends the process, with or without a checkpoint before. */
    private static void putOff(SimRig rig, boolean checkpoint) throws Exception {
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("jobs", NodeRig.log(1, 0, Overflow.BLOCK));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        session.publish(topic, 1, "m");
        rig.until(() -> session.confirmed.get() == 1);
        session.acknowledge(false);
        SubscriptionLink subscription = session.subscribe("jobs", "g", 5, StartPosition.first());
        long offset = session.next().offset();
        session.run(() -> subscription.nack(0, offset, HOUR));
        rig.settle();
        if (checkpoint) {
            rig.stop();
        } else {
            rig.crash();
        }
    }

    /** Whether a new member is given the message {@code afterMs} from now, and not before. */
    private static void assertDeliveredAfter(SimRig rig, long afterMs) throws Exception {
        TestSession session = rig.sessionOn(1);
        session.subscribe("jobs", "g", 5, StartPosition.first());
        rig.passTime(afterMs - MINUTE);
        rig.settle();
        assertThat(session.received).isEmpty();
        rig.passTime(MINUTE);
        assertThat(session.next().attempt()).isEqualTo(2);
    }

    @Test
    void shouldKeepItsTimeOverACrash() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            putOff(rig, false);

            // When
            rig.restart();

            // Then
            assertDeliveredAfter(rig, HOUR);
        }
    }

    @Test
    void shouldCountTheTimeThatTheBrokerWasOff() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            putOff(rig, false);

            // When
            rig.restartAhead(40 * MINUTE);

            // Then
            assertDeliveredAfter(rig, 20 * MINUTE);
        }
    }

    @Test
    void shouldNotWaitBehindAClockThatWasPutBack() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            putOff(rig, false);

            // When
            rig.restartAhead(-30L * 24 * HOUR);

            // Then
            assertDeliveredAfter(rig, HOUR);
        }
    }

    @Test
    void shouldCountALongPauseOnceItCounts() throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            putOff(rig, true);

            // When
            rig.restartAhead(72 * HOUR);

            // Then: the wall clock may be wrong until it has stood for 10 minutes
            assertDeliveredAfter(rig, 10 * MINUTE);
        }
    }

    @Test
    void shouldSayThatAGroupIsHeldBackAndGoOnOnceItHasRoom() throws Exception {
        // Given
        Logger log = (Logger) LoggerFactory.getLogger(GroupHold.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try (SimRig rig = SimRig.startHolding(seed, 40_000)) {
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("jobs", NodeRig.log(1, 0, Overflow.BLOCK));
            session.createGroup(topic, "g", GroupSettings.DEFAULT);
            session.publish(topic, 1_000, "m");
            rig.until(() -> session.confirmed.get() == 1_000);
            session.acknowledge(false);

            // When
            SubscriptionLink subscription = session.subscribe("jobs", "g", 2_000, StartPosition.first());

            // Then
            rig.until(() -> figures(session, topic).held().back() == 1);
            rig.settle();
            int delivered = session.received.size();
            assertThat(delivered).isBetween(200, 260);
            assertThat(figures(session, topic).held().bytes()).isBetween(16_000L, 24_000L);
            assertThat(session.call(() -> session.link().figures()).values())
                    .containsEntry("groups_held_back", 1L)
                    .containsEntry("bytes_groups_max", 40_000L);
            for (int offset = 0; offset < delivered; offset++) {
                long each = offset;
                session.run(() -> subscription.ack(0, each, each));
            }
            rig.until(() -> session.received.size() > delivered);
            session.run(() -> subscription.ack(0, 0, 1_000));
            rig.until(() -> {
                session.run(() -> subscription.ack(0, 0, 1_000));
                return figures(session, topic).unfinished().backlog() == 0;
            });
            rig.until(() -> figures(session, topic).held().back() == 0);
            assertThat(lines.list).hasSize(1);
            assertThat(lines.list.get(0).getFormattedMessage()).contains("topic=jobs group=g partition=0");
        } finally {
            log.detachAppender(lines);
        }
    }

    private static TopicFigures.GroupFigures figures(TestSession session, Topic topic) throws Exception {
        return session.call(() -> session.link().describe(topic)).groups().get(0);
    }
}
