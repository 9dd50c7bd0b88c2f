package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.Patience;
import dev.recado.broker.SlowTap;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sessions are not told, however long it is waited for. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class SessionQuietTest {

    private static final long LONG_MS = 24L * 3_600_000;
    private static final int LARGE_BYTES = 15 * NodeRig.MIB;

    private final long seed;
    private SimRig rig;
    private TestSession session;
    private TestSession other;

    SessionQuietTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() {
        rig = SimRig.start(seed);
        session = rig.sessionOn(0);
        other = rig.sessionOn(1);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldHandNoMoreThanTheCreditThatIsSpent(int partitions) throws Exception {
        // Given
        Topic topic = session.create("orders", NodeRig.log(partitions, 0, Overflow.BLOCK));
        session.publish(topic, 400, "m");
        rig.until(() -> session.confirmed.get() == 400);
        SubscribeSpec spec = new SubscribeSpec(SubscribeSpec.Kind.GROUP, "orders", "g", null, 3, StartPosition.first())
                .withSpending(true);

        // When
        SubscriptionLink mine = session.call(() -> session.link().subscribe(spec));
        rig.settle();
        int first = session.received.size();
        session.run(() -> mine.addCredit(4));
        rig.settle();

        // Then
        assertThat(first).isEqualTo(3);
        assertThat(session.received).hasSize(7).allMatch(each -> each.attempt() == 1);
        session.call(mine::close);
        TopicFigures figures = session.call(() -> session.link().describe(topic));
        assertThat(figures.groups().get(0).unfinished().backlog()).isEqualTo(393);
        assertThat(figures.groups().get(0).totals().delivered()).isEqualTo(7);
    }

    @Test
    void shouldHandNothingToWhoAcknowledgesAndLeavesOnAnotherLoop() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        session.publish(topic, 101, "m");
        TestSession reader = rig.sessionOn(1 - rig.homeOf(topic));
        reader.acknowledge(false);

        // When
        for (int i = 0; i < 100; i++) {
            int count = i + 1;
            SubscriptionLink mine = reader.subscribe("orders", "g", 1, StartPosition.first());
            rig.until(() -> reader.received.size() >= count);
            reader.call(() -> {
                mine.ack(0, count - 1, count - 1);
                return mine.close();
            });
        }
        rig.settle();

        // Then
        assertThat(reader.received).hasSize(100).allMatch(each -> each.attempt() == 1);
    }

    @Test
    void shouldNotShowPatternSubscribersWhatWasRefused() throws Exception {
        // Given
        Topic topic = session.create("small", NodeRig.log(1, 10, Overflow.REJECT));
        SubscribeSpec all = new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "#", null, null, 1000, StartPosition.next());
        other.call(() -> other.link().subscribe(all));

        // When
        session.publish(topic, 15, "m");
        rig.settle();

        // Then
        assertThat(session.refusals).hasSize(5);
        assertThat(other.received).hasSize(10);
    }

    private Topic full() throws Exception {
        Topic topic = other.create("jobs", NodeRig.log(1, 10, Overflow.BLOCK));
        other.publish(topic, 10, "old");
        rig.until(() -> other.confirmed.get() == 10);
        return topic;
    }

    private static boolean hasParked(TestSession session) throws Exception {
        boolean[] parked = new boolean[1];
        session.run(() -> parked[0] = session.link().hasParked());
        return parked[0];
    }

    private TestSession patient(Topic topic, int count) throws Exception {
        TestSession patient = rig.sessionOn(0, Patience.WAIT);
        patient.publish(topic, count, "m");
        rig.until(() -> hasParked(patient));
        assertThat(patient.paused()).isTrue();
        return patient;
    }

    @Test
    void shouldLetWhoWaitsWaitForRoomHoweverLongItTakes() throws Exception {
        // Given
        TestSession patient = patient(full(), 50);

        // When
        rig.passTime(LONG_MS);
        rig.settle();
        other.subscribe("jobs", "g", 100, StartPosition.next());
        rig.settle();

        // Then
        assertThat(other.received)
                .extracting(TestSession.Received::text)
                .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "m" + i).toList());
        assertThat(patient.confirmed.get()).isEqualTo(50);
        assertThat(patient.refusals).isEmpty();
        assertThat(patient.paused()).isFalse();
    }

    @Test
    void shouldRefuseOthersInTimeBesideWhoWaits() throws Exception {
        // Given
        Topic topic = full();
        TestSession patient = patient(topic, 2);
        other.publish(topic, 2, "m");
        rig.until(() -> hasParked(other));

        // When
        rig.passTime(LONG_MS);
        rig.settle();

        // Then
        assertThat(other.refusals).hasSize(2);
        assertThat(patient.refusals).isEmpty();
        assertThat(hasParked(patient)).isTrue();
        patient.run(() -> patient.link().refuseParked());
        rig.settle();
        assertThat(patient.refusals).isEmpty();
    }

    @Test
    void shouldStoreWhatWasReadOfAClientThatHasGoneHoweverLongItTakes() throws Exception {
        // Given
        Topic topic = full();
        TestSession patient = rig.sessionOn(0, Patience.WAIT);
        patient.run(() -> {
            byte[] payload = "late".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 20; i++) {
                patient.link().publish(topic, new Draft().payload(payload, 0, 4), i);
            }
            patient.link().close();
        });

        // When
        rig.settle();
        rig.passTime(LONG_MS);
        rig.settle();
        other.subscribe("jobs", "g", 100, StartPosition.next());
        rig.settle();

        // Then
        assertThat(other.received).hasSize(20).allMatch(each -> each.text().equals("late"));
        assertThat(other.call(() -> other.link().figures()).values()).containsEntry("bytes_unconfirmed", 0L);
    }

    private TestSession tap(String topic, boolean takes) throws Exception {
        TestSession reader = rig.sessionOn(1);
        reader.takesTaps(takes);
        reader.call(() -> reader.link().subscribe(SubscribeSpec.tap(topic, SlowTap.DROP)));
        return reader;
    }

    private void publishLarge(Topic topic) throws Exception {
        long before = session.confirmed.get();
        session.run(() ->
                session.link().publish(topic, new Draft().payload(new byte[LARGE_BYTES], 0, LARGE_BYTES), before));
        rig.until(() -> session.confirmed.get() > before);
    }

    @Test
    void shouldBringALargeMessageToATapOnlyOnceASilentOneInTheWayHasEnded() throws Exception {
        // Given
        List<TestSession> hogs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            hogs.add(tap("held" + i, session.create("held" + i, NodeRig.log(1, 0, Overflow.BLOCK))));
        }
        Topic topic = session.create("wanted", NodeRig.log(1, 0, Overflow.BLOCK));
        TestSession healthy = tap("wanted", true);
        publishLarge(topic);
        rig.settle();
        assertThat(healthy.received.size()).isZero();

        // When
        rig.until(() -> {
            rig.passTime(3_000);
            return hogs.stream().anyMatch(hog -> hog.answers.contains("ended slow"));
        });

        // Then
        publishLarge(topic);
        rig.until(() -> healthy.received.size() == 1);
        assertThat(healthy.answers).isEmpty();
    }

    /** One that takes nothing and was handed a large message. */
    private TestSession tap(String name, Topic topic) throws Exception {
        TestSession hog = tap(name, false);
        publishLarge(topic);
        return hog;
    }
}
