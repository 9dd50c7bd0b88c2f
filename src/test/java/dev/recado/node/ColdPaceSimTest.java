package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole simulated node, of which somebody reads what only segments hold while somebody else publishes. */
class ColdPaceSimTest {

    private static final int MESSAGES = 1_500;
    private static final int MESSAGE_BYTES = 1024;

    /** So long a publish waits in the journal, in which readers go on. */
    private static final long HELD_MS = 100;

    /** A topic that the next process finds in segments. */
    private static Topic stored(SimRig rig) throws Exception {
        TestSession publisher = rig.sessionOn(0);
        Topic topic = publisher.create("old", TopicSettings.DEFAULT);
        publisher.create("new", TopicSettings.DEFAULT);
        byte[] payload = new byte[MESSAGE_BYTES];
        for (int sent = 0; sent < MESSAGES; sent += 100) {
            publisher.run(() -> {
                for (int i = 0; i < 100; i++) {
                    publisher.link().publish(topic, new Draft().payload(payload, 0, payload.length), i);
                }
            });
            rig.pass(10);
        }
        rig.flush();
        rig.stop();
        rig.restart();
        return topic;
    }

    /** Subscribed, without credit for more than the first message. */
    private static SubscriptionLink waiting(TestSession reader) throws Exception {
        SubscriptionLink link = reader.subscribe("old", "g", 1, StartPosition.first());
        reader.next();
        return link;
    }

    private static void publish(TestSession publisher) throws Exception {
        publisher.publish(publisher.topic("new"), 1, "m");
    }

    /** Somebody who reads what is stored and keeps it. */
    private static TestSession readerOfOld(SimRig rig, long seed) throws Exception {
        stored(rig);
        TestSession reader = rig.sessionOn((int) seed % 2);
        reader.acknowledge(false);
        return reader;
    }

    /** A publish is under way from now on. */
    private static void publishAndHold(SimRig rig, TestSession publisher) throws Exception {
        rig.holdJournal(true);
        publish(publisher);
        rig.pass(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldHandOutNothingBeforeWhatIsBeingPublishedIsStored(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession reader = readerOfOld(rig, seed);
            SubscriptionLink link = waiting(reader);
            TestSession publisher = rig.sessionOn(0);
            publishAndHold(rig, publisher);

            // When
            reader.run(() -> link.addCredit(MESSAGES));
            rig.pass(0);

            // Then
            assertThat(reader.received).isEmpty();
            rig.holdJournal(false);
            rig.stepUntil(() -> publisher.confirmed.get() == 1);
            assertThat(reader.received).isEmpty();
            rig.until(() -> reader.received.size() == MESSAGES - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNotStarveWhoReadsWhileThereIsAlwaysAPublishUnderWay(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession reader = readerOfOld(rig, seed);
            SubscriptionLink link = waiting(reader);
            TestSession publisher = rig.sessionOn(0);
            publishAndHold(rig, publisher);

            // When
            reader.run(() -> link.addCredit(MESSAGES));
            rig.pass(HELD_MS);

            // Then
            assertThat(publisher.confirmed.get()).isZero();
            assertThat(reader.received).hasSize(MESSAGES - 1);
            rig.holdJournal(false);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldReadAtFullSpeedOnceNobodyPublishesAnyMore(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession reader = readerOfOld(rig, seed);
            SubscriptionLink link = waiting(reader);
            TestSession publisher = rig.sessionOn(0);
            publish(publisher);
            rig.settle();
            assertThat(publisher.confirmed.get()).isEqualTo(1);

            // When
            reader.run(() -> link.addCredit(MESSAGES));
            rig.pass(0);

            // Then
            assertThat(reader.received).hasSize(MESSAGES - 1);
        }
    }

    /** A client that settles what it has one by one, and whose socket takes next to nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldHandOutNoMoreThanTwoSlicesThatASocketHasNotTaken(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession reader = readerOfOld(rig, seed);
            SubscriptionLink link = waiting(reader);
            reader.takesDeliveries(false);
            TestSession publisher = rig.sessionOn(0);
            publishAndHold(rig, publisher);
            reader.run(() -> link.addCredit(MESSAGES));
            rig.pass(HELD_MS);
            int slices = reader.received.size();

            // When
            for (int i = 0; i < 20; i++) {
                TestSession.Received next = reader.next();
                reader.run(() -> {
                    link.ack(0, next.offset(), next.offset());
                    link.written(0, 1);
                });
                rig.pass(10);
            }

            // Then
            assertThat(slices).isLessThan(MESSAGES / 2);
            assertThat(reader.received).hasSize(slices - 20);
            rig.holdJournal(false);
        }
    }
}
