package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.Ledger;
import dev.recado.broker.SlowTap;
import dev.recado.broker.SubscribeSpec;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Taps of many topics on one loop, whose share is 32 MiB. */
@Timeout(60)
class TapShareTest {

    private static final int TOPICS = 8;
    private static final int MESSAGES = 10;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path directory;

    private NodeRig rig;
    private TestSession publisher;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        publisher = rig.sessionOn(0);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private TestSession tap(String topic, boolean takes) throws Exception {
        TestSession session = rig.sessionOn(1);
        session.takesTaps(takes);
        session.call(() -> session.link().subscribe(SubscribeSpec.tap(topic, SlowTap.DROP)));
        return session;
    }

    private void publish(Topic topic, int bytes) throws Exception {
        long before = publisher.confirmed.get();
        publisher.run(() -> publisher.link().publish(topic, new Draft().payload(new byte[bytes], 0, bytes), before));
        await().atMost(Duration.ofSeconds(10)).until(() -> publisher.confirmed.get() > before);
        rig.visitLoops();
        Ledger.Share share = share();
        assertThat(share.bytes()).isLessThanOrEqualTo(share.bytesMax());
    }

    private Ledger.Share share() throws Exception {
        NodeRig.ask(rig.loops().get(1), () -> {
            rig.loops().get(1).takeStock();
            return true;
        });
        return rig.node().ledger().shares().stream()
                .filter(share -> share.name().equals("taps"))
                .findAny()
                .orElseThrow();
    }

    @Test
    void shouldBoundWhatSilentTapsKeepWithoutALossForThoseThatTake() throws Exception {
        // Given
        List<Topic> topics = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            topics.add(publisher.create("news" + i, NodeRig.log(1, 0, Overflow.BLOCK)));
            tap("news" + i, false);
        }
        TestSession healthy = tap("news0", true);

        // When
        for (int i = 0; i < MESSAGES; i++) {
            for (Topic topic : topics) {
                publish(topic, NodeRig.MIB);
            }
        }

        // Then
        await().until(() -> healthy.received.size() == MESSAGES);
        assertThat(share().bytes()).isGreaterThan(TOPICS * (long) NodeRig.MIB);
        assertThat(rig.loops().get(1).tapShare().isWanted()).isFalse();
    }

    @Test
    void shouldCountNothingOnceItsTapsAreGone() throws Exception {
        Topic topic = publisher.create("news", NodeRig.log(1, 0, Overflow.BLOCK));
        List<TestSession> taps = List.of(tap("news", false), tap("news", false));
        for (int i = 0; i < MESSAGES; i++) {
            publish(topic, NodeRig.MIB);
        }
        assertThat(share().bytes()).isGreaterThan(NodeRig.MIB);
        for (TestSession session : taps) {
            session.run(() -> session.link().close());
        }
        assertThat(share().bytes()).isZero();
    }
}
