package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues with priorities, from publish to delivery, over crashes and starts. */
@Timeout(60)
class PriorityQueueTest {

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession session;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private static TopicSettings queue(Durability durability, long messages, long bytes, Overflow overflow) {
        return NodeRig.settings(TopicKind.QUEUE, durability, 1, messages, bytes, overflow, -1)
                .with(TopicSettings.PRIORITIES, 9);
    }

    private Topic create(Durability durability) throws Exception {
        return session.create("jobs", queue(durability, 0, 0, Overflow.BLOCK));
    }

    private void publish(Topic topic, String prefix, int... priorities) throws Exception {
        long before = session.confirmed.get();
        session.publishRanked(topic, prefix, priorities);
        await().until(() -> session.confirmed.get() == before + priorities.length);
    }

    private SubscriptionLink subscribe(int credit) throws Exception {
        return session.subscribe("jobs", GroupDef.QUEUE, credit, StartPosition.first());
    }

    private List<String> next(int count) throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(session.next().text());
        }
        return texts;
    }

    private TopicFigures figures() throws Exception {
        Topic topic = session.topic("jobs");
        return session.call(() -> session.link().describe(topic));
    }

    private void restart(boolean crash) throws Exception {
        if (crash) {
            rig.settle();
            rig.crash();
        } else {
            rig.close();
        }
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldHandOutTheOldestOfTheHighestPriority(Durability durability) throws Exception {
        // Given
        Topic topic = create(durability);
        publish(topic, "a", 0, 5, 9, 200, 5);
        publish(topic, "b", 9, 0);
        // When
        subscribe(1);
        // Then
        assertThat(next(7)).containsExactly("a2p9", "a3p200", "b0p9", "a1p5", "a4p5", "a0p0", "b1p0");
        await().until(() -> figures().counts().backlog() == 0);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldPutWhatComesBackInItsOldPlace(Durability durability) throws Exception {
        // Given
        Topic topic = create(durability);
        publish(topic, "a", 1, 1, 4, 1);
        session.acknowledge(false);
        SubscriptionLink first = subscribe(2);
        assertThat(next(2)).containsExactly("a2p4", "a0p1");
        // When
        session.call(first::close);
        session.acknowledge(true);
        subscribe(1);
        // Then
        assertThat(next(4)).containsExactly("a2p4", "a0p1", "a1p1", "a3p1");
    }

    @Test
    void shouldKeepTheOrderOverACrash() throws Exception {
        // Given
        Topic topic = create(Durability.FSYNC);
        publish(topic, "a", 0, 5, 9, 5, 0);
        session.acknowledge(false);
        SubscriptionLink held = subscribe(2);
        assertThat(next(2)).containsExactly("a2p9", "a1p5");
        session.run(() -> held.ack(0, 2, 2));
        // When
        restart(true);
        publish(session.topic("jobs"), "b", 5, 9);
        session.acknowledge(false);
        subscribe(9);
        // Then
        assertThat(IntStream.range(0, 6).mapToObj(i -> received()))
                .extracting(TestSession.Received::text)
                .containsExactly("b1p9", "a1p5", "a3p5", "b0p5", "a0p0", "a4p0");
    }

    private TestSession.Received received() {
        try {
            return session.next();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldKnowAfterACrashWhatWasDelivered() throws Exception {
        // Given
        publish(create(Durability.FSYNC), "a", 0, 9, 5);
        session.acknowledge(false);
        subscribe(2);
        assertThat(next(2)).containsExactly("a1p9", "a2p5");
        // When
        restart(true);
        session.acknowledge(false);
        subscribe(9);
        // Then
        assertThat(List.of(session.next(), session.next(), session.next()))
                .extracting(TestSession.Received::attempt)
                .containsExactly(2, 2, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSortWhatSegmentsHold(boolean crash) throws Exception {
        // Given several segments
        rig.close();
        rig = NodeRig.startWithSegments(directory, 64 * 1024);
        session = rig.sessionOn(0);
        Topic topic = create(Durability.FSYNC);
        Random random = new Random(7);
        int[] priorities = random.ints(20_000, 0, 10).toArray();
        publish(topic, "a", priorities);
        rig.flush();
        List<String> expected = IntStream.range(0, priorities.length)
                .boxed()
                .sorted(Comparator.comparing(i -> -priorities[i]))
                .map(i -> "a" + i + "p" + priorities[i])
                .toList();
        // When
        restart(crash);
        subscribe(50);
        // Then
        assertThat(next(priorities.length)).isEqualTo(expected);
        await().until(() -> figures().counts().backlog() == 0);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldDropTheOldestOfTheLowestPriority(Durability durability) throws Exception {
        // Given
        Topic topic = session.create("jobs", queue(durability, 3, 0, Overflow.DROP_OLDEST));
        // When
        publish(topic, "a", 1, 9, 0, 1, 0, 1);
        rig.settle();
        // Then
        subscribe(9);
        assertThat(next(3)).containsExactly("a1p9", "a3p1", "a5p1");
        assertThat(figures().counts().dropped()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void shouldDropByBytesFromTheLowestPriority(Durability durability) throws Exception {
        // Given
        Topic topic = session.create("jobs", queue(durability, 0, 10_000, Overflow.DROP_OLDEST));
        byte[] payload = new byte[2_000];
        // When
        for (int priority : new int[] {9, 1, 9, 1, 9, 1, 9}) {
            session.run(() -> {
                Draft draft = new Draft().payload(payload, 0, payload.length);
                draft.priority = priority;
                session.link().publish(topic, draft, 0);
            });
        }
        await().until(() -> session.confirmed.get() == 7);
        rig.settle();
        // Then
        assertThat(figures().counts().dropped()).isEqualTo(3);
        subscribe(9);
        assertThat(List.of(session.next(), session.next(), session.next(), session.next()))
                .extracting(TestSession.Received::offset)
                .containsExactly(0L, 2L, 4L, 6L);
    }

    /** Nobody consumes: what has to make room is looked for in segments all the same. */
    @Test
    void shouldDropTheOldestOfTheLowestPriorityAfterAStart() throws Exception {
        // Given
        Topic topic = session.create("jobs", queue(Durability.FSYNC, 4, 0, Overflow.DROP_OLDEST));
        publish(topic, "a", 5, 0, 9, 0);
        restart(false);
        // When
        publish(session.topic("jobs"), "b", 0, 7);
        await().until(() -> figures().counts().backlog() == 4);
        // Then
        subscribe(10);
        assertThat(next(4)).containsExactly("a2p9", "b1p7", "a0p5", "b0p0");
    }

    @Test
    void shouldCountWhatWaitsAgainstALimit() throws Exception {
        // Given
        Topic topic = session.create("jobs", queue(Durability.FSYNC, 3, 0, Overflow.REJECT));
        publish(topic, "a", 1, 9, 0);
        // When
        session.publishRanked(topic, "b", 9);
        // Then
        await().until(() -> session.refusals.size() == 1);
        session.acknowledge(false);
        subscribe(1);
        assertThat(next(1)).containsExactly("a1p9");
        publish(topic, "c", 9);
        assertThat(figures().counts().backlog()).isEqualTo(4);
    }

    @Test
    void shouldExpireBehindHigherOnesThatLiveOn() throws Exception {
        // Given
        Topic topic = create(Durability.FSYNC);
        byte[] payload = "m".getBytes(StandardCharsets.UTF_8);
        int[] priorities = {9, 5, 0};
        long[] ttlsMs = {-1, 1_000, 1_000};
        for (int i = 0; i < priorities.length; i++) {
            int at = i;
            session.run(() -> {
                Draft draft = new Draft().payload(payload, 0, 1);
                draft.priority = priorities[at];
                draft.ttlMs = ttlsMs[at];
                session.link().publish(topic, draft, 0);
            });
        }
        await().until(() -> session.confirmed.get() == 3);
        // When
        rig.passTime(1_000 + Expiry.EVERY_MS);
        // Then
        await().until(() -> figures().counts().expired() == 2);
        assertThat(figures().counts().backlog()).isEqualTo(1);
    }

    @Test
    void shouldAnswerWhoAsksWithTheHighest() throws Exception {
        // Given
        Topic topic = create(Durability.FSYNC);
        SubscriptionLink asking = session.call(() -> session.link()
                .subscribe(new SubscribeSpec(
                        SubscribeSpec.Kind.PULL, "jobs", GroupDef.QUEUE, null, 0, StartPosition.first())));
        publish(topic, "a", 1, 9, 1);
        // When
        session.run(() -> {
            for (int i = 0; i < 4; i++) {
                asking.pull(i);
            }
        });
        // Then
        assertThat(List.of(session.nextAnswer(), session.nextAnswer(), session.nextAnswer(), session.nextAnswer()))
                .containsExactly("a1p9", "a0p1", "a2p1", "none");
    }

    @Test
    void shouldAnswerWhoAsksFirstAfterAStart() throws Exception {
        // Given
        publish(create(Durability.FSYNC), "a", 1, 9, 1);
        rig.flush();
        restart(false);
        // When
        SubscriptionLink asking = session.call(() -> session.link()
                .subscribe(new SubscribeSpec(
                        SubscribeSpec.Kind.PULL, "jobs", GroupDef.QUEUE, null, 0, StartPosition.first())));
        session.run(() -> asking.pull(1));
        // Then
        assertThat(session.nextAnswer()).isEqualTo("a1p9");
    }

    @Test
    void shouldForgetWhatIsPurged() throws Exception {
        // Given
        Topic topic = create(Durability.FSYNC);
        publish(topic, "a", 1, 9, 1);
        // When
        session.call(() -> session.link().purge(topic));
        publish(topic, "b", 0, 3);
        // Then
        assertThat(figures().counts().backlog()).isEqualTo(2);
        subscribe(9);
        assertThat(next(2)).containsExactly("b1p3", "b0p0");
    }

    @Test
    void shouldKeepWhatItWasCreatedWith() throws Exception {
        // Given
        Topic topic = create(Durability.FSYNC);
        CatalogChange change =
                new CatalogChange.AlterTopic(topic.uuid(), topic.settings().with(TopicSettings.PRIORITIES, 5));
        // When / Then
        assertThatThrownBy(() -> session.call(() -> session.link().change(change)))
                .hasMessageContaining("priorities");
    }
}
