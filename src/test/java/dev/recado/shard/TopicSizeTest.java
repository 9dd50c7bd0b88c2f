package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a topic in use takes of the heap while nothing happens to it: a broker may have twenty thousand. */
@Timeout(60)
class TopicSizeTest {

    private static final int TOPICS = 1_000;
    private static final long BYTES_MAX = 1_400;
    private static final long BYTES_WITH_GROUP_MAX = 3_400;

    private SimRig rig;
    private TestSession session;

    @BeforeEach
    void start() {
        rig = SimRig.start(1);
        session = rig.sessionOn(0);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** What owners take that are made where the catalog knew the topics before. */
    private long bytesOfATopic(boolean withGroup) throws Exception {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            Topic topic = session.create("t" + i, TopicSettings.DEFAULT);
            if (withGroup) {
                session.createGroup(topic, "g", GroupSettings.DEFAULT);
            }
            partitions.add(topic.partition(0));
        }
        rig.settle();
        long before = heapBytes();
        for (Partition partition : partitions) {
            rig.node().owner(partition.shard()).partition(partition);
        }
        rig.settle();
        return (heapBytes() - before) / TOPICS;
    }

    @Test
    void shouldCostLittleWithoutAGroup() throws Exception {
        assertThat(bytesOfATopic(false)).isBetween(500L, BYTES_MAX);
    }

    @Test
    void shouldCostLittleWithAGroup() throws Exception {
        assertThat(bytesOfATopic(true)).isBetween(1_000L, BYTES_WITH_GROUP_MAX);
    }
}
