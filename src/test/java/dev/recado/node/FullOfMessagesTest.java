package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that is full of its own small messages, each of which is acknowledged alone, on disk. */
@Timeout(300)
class FullOfMessagesTest {

    private static final long CAPACITY = 40L * NodeRig.MIB;
    private static final int AT_ONCE = 500;
    /** More than what the journal's reserve takes of acknowledgements. */
    private static final int ACKNOWLEDGED = 20_000;

    private static final String TEXT = "x".repeat(190);

    @Test
    void shouldTakeAcknowledgementsOnAndOn() throws Exception {
        try (SimRig rig = SimRig.start(2)) {
            // Given
            rig.disk().capacity(CAPACITY);
            TestSession publisher = rig.sessionOn(0);
            Topic topic = publisher.create("orders", NodeRig.queue());
            while (publisher.refusals.isEmpty()) {
                publisher.publish(topic, AT_ONCE, TEXT);
                rig.pass(20);
            }
            rig.settle();
            TestSession consumer = rig.sessionOn(1);
            consumer.acknowledge(false);
            SubscriptionLink orders = consumer.subscribe("orders", "queue", 1_000, StartPosition.first());

            // When
            for (int acked = 1; acked <= ACKNOWLEDGED; acked++) {
                rig.until(() -> !consumer.received.isEmpty());
                long offset = consumer.received.remove().offset();
                consumer.run(() -> orders.ackDurably(0, offset));
                int told = acked;
                rig.until(() -> consumer.answers.size() >= told);
            }

            // Then
            assertThat(rig.node().journal().oldestPosition()).isPositive();
            rig.until(() -> !rig.node().diskLow());
            long stored = publisher.confirmed.get();
            publisher.publish(topic, 1, "later");
            rig.until(() -> publisher.confirmed.get() == stored + 1);
        }
    }
}
