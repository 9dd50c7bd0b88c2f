package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A place in a group that somebody who was about to join never took. */
@Timeout(60)
class ReservedPlaceTest {

    private static final long EXPIRES_MS = 1_000;

    private static boolean isThere(TestSession session) {
        return session.link().catalog().topic(TopicName.of("brief")) != null;
    }

    private static void reserve(PartitionOwner owner, int places) {
        owner.shard().loop().execute(() -> {
            Objects.requireNonNull(owner.groups().named("g")).reserve(places);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNotKeepATopicThatEndsByItselfOnceItIsGivenBack(long seed) throws Exception {
        try (SimRig rig = SimRig.start(seed)) {
            // Given
            TestSession session = rig.sessionOn(0);
            TopicSettings brief = NodeRig.log(1, 0, Overflow.BLOCK).with(TopicSettings.EXPIRES, EXPIRES_MS);
            Topic topic = session.create("brief", brief);
            session.createGroup(topic, "g", GroupSettings.DEFAULT);
            PartitionOwner owner = Objects.requireNonNull(rig.shardOf(topic).partition(topic.partition(0)));
            reserve(owner, 1);
            rig.pass(10 * EXPIRES_MS);
            boolean whileReserved = isThere(session);

            // When
            reserve(owner, -1);
            rig.pass(10 * EXPIRES_MS);

            // Then
            assertThat(whileReserved).isTrue();
            assertThat(isThere(session)).isFalse();
        }
    }
}
