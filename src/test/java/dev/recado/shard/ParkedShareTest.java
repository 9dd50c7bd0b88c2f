package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.broker.Patience;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import dev.recado.node.TestNode;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Publishes that wait for room have a bound together, beside the one of each session. */
@Timeout(60)
class ParkedShareTest {

    private static final int BYTES = 900 * 1024;
    private static final int SESSIONS = 30;

    @TempDir
    Path directory;

    @Test
    void shouldRefuseAtOnceWhatAllTogetherHaveTooMuchOf() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession other = rig.sessionOn(1);
            Topic topic = other.create("jobs", NodeRig.log(1, 10, Overflow.BLOCK));
            other.publish(topic, 10, "old");
            await().until(() -> other.confirmed.get() == 10);
            TestSession patient = rig.sessionOn(1, Patience.WAIT);
            byte[] payload = new byte[BYTES];
            patient.run(() -> patient.link().publish(topic, new Draft().payload(payload, 0, BYTES), 0));
            List<TestSession> sessions = new ArrayList<>();

            // When
            for (int i = 0; i < SESSIONS; i++) {
                TestSession session = rig.sessionOn(i % 2);
                session.run(() -> session.link().publish(topic, new Draft().payload(payload, 0, BYTES), 0));
                sessions.add(session);
            }

            // Then
            int room = (int) (TestNode.settings().publishing().parkedBytesAllMax() / 2 / BYTES);
            await().until(() -> refused(sessions) == SESSIONS - room);
            rig.settle();
            assertThat(refused(sessions)).isEqualTo(SESSIONS - room);
            assertThat(sessions.stream().flatMap(session -> session.refusals.stream()))
                    .allMatch(refusal -> refusal.code() == ErrorCode.TOPIC_FULL);
            assertThat(parked(other)).isBetween((long) room * BYTES, (long) (room + 1) * BYTES);
            other.subscribe("jobs", "g", 100, StartPosition.first());
            await().until(() ->
                    sessions.stream().mapToLong(each -> each.confirmed.get()).sum() == room);
            await().until(() -> patient.confirmed.get() == 1);
            await().until(() -> parked(other) == 0);
        }
    }

    private static long refused(List<TestSession> sessions) {
        return sessions.stream().mapToLong(session -> session.refusals.size()).sum();
    }

    private static long parked(TestSession asking) throws Exception {
        return asking.call(() -> asking.link().figures()).values().get("bytes_parked");
    }
}
