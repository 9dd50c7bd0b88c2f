package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.shard.FifoShare;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many groups read what only segments hold. */
@Timeout(60)
class ColdReadersTest {

    private static final int READERS = 60;
    private static final int MESSAGES = 200;
    private static final int BYTES = 16 * 1024;
    private static final int LARGE_READERS = 8;
    private static final int LARGE_BYTES = 15 * NodeRig.MIB;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path directory;

    private static void fill(NodeRig rig, String name, int messages, int bytes) throws Exception {
        TestSession publisher = rig.sessionOn(0);
        Topic topic = publisher.create(name, NodeRig.log(1, 0, Overflow.BLOCK));
        byte[] payload = new byte[bytes];
        for (int i = 0; i < messages; i++) {
            int ticket = i;
            publisher.run(() -> publisher.link().publish(topic, new Draft().payload(payload, 0, bytes), ticket));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> publisher.confirmed.get() == messages);
    }

    private static List<TestSession> readers(NodeRig rig, List<String> topics) throws Exception {
        TestSession maker = rig.sessionOn(0);
        List<TestSession> readers = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            maker.createGroup(maker.topic(topics.get(i)), "g" + i, GroupSettings.DEFAULT);
            TestSession reader = rig.sessionOn(i % 2);
            reader.acknowledge(false);
            reader.subscribe(topics.get(i), "g" + i, 1, StartPosition.first());
            readers.add(reader);
        }
        return readers;
    }

    private static void awaitAll(NodeRig rig, List<TestSession> readers) {
        FifoShare share = rig.node().coldReads().share();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(share.bytes()).isLessThanOrEqualTo(share.bytesMax());
            return readers.stream().noneMatch(reader -> reader.received.isEmpty());
        });
    }

    @Test
    void shouldServeMoreGroupsThanItHasRoomForWhatTheyReadAhead() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            fill(rig, "much", MESSAGES, BYTES);
        }
        try (NodeRig rig = NodeRig.start(directory)) {
            List<String> topics = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                topics.add("much");
            }
            awaitAll(rig, readers(rig, topics));
        }
    }

    /** Each with one large message, which the next node finds in segments. */
    private List<String> largeTopics() throws Exception {
        List<String> topics = new ArrayList<>();
        try (NodeRig rig = NodeRig.start(directory)) {
            for (int i = 0; i < LARGE_READERS; i++) {
                topics.add("large" + i);
                fill(rig, "large" + i, 1, LARGE_BYTES);
            }
        }
        return topics;
    }

    @Test
    void shouldGiveBackWhatIsReadForWhoHasLeft() throws Exception {
        List<String> topics = largeTopics();
        try (NodeRig rig = NodeRig.start(directory)) {
            List<TestSession> readers = readers(rig, topics);
            for (TestSession reader : readers) {
                reader.run(() -> reader.link().close());
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> rig.node().coldReads().share().bytes() == 0);
        }
    }

    @Test
    void shouldServeLargeMessagesOfMoreTopicsThanThereIsRoomFor() throws Exception {
        List<String> topics = largeTopics();
        try (NodeRig rig = NodeRig.start(directory)) {
            awaitAll(rig, readers(rig, topics));
        }
    }
}
