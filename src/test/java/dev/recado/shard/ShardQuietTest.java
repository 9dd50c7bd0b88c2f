package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What shards do not do, however long it is waited for. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class ShardQuietTest {

    private static final int LARGE_BYTES = 200 * 1024;

    private final long seed;
    private SimRig rig;
    private TestSession session;
    private TestSession other;

    ShardQuietTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() {
        rig = SimRig.start(seed);
        session = rig.sessionOn(0);
        other = rig.sessionOn(1);
        other.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void shouldMakeNoDeadLetterOfADeadLetterThatAPatternRejects() throws Exception {
        // Given
        Topic topic = session.create("orders.dead", TopicSettings.DEFAULT);
        SubscriptionLink all = other.call(() -> other.link()
                .subscribe(new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "#", null, null, 10, StartPosition.next())));
        session.publish(topic, 1, "m");
        TestSession.Received received = other.next();

        // When
        other.run(() -> all.reject(0, received.offset(), "broken"));
        rig.settle();

        // Then
        assertThat(session.link().catalog().topic(TopicName.of("orders.dead.dead")))
                .isNull();
        session.publish(topic, 1, "n");
        assertThat(other.next().text()).isEqualTo("n0");
    }

    @Test
    void shouldDoNothingToWhoSitsInThePlaceOfAMemberThatHasLeft() throws Exception {
        // Given a second member in the place of the first
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.publish(topic, 3, "m");
        TestSession first = rig.sessionOn(rig.homeOf(topic));
        first.acknowledge(false);
        SubscriptionLink gone = first.subscribe("orders", "g", 1, StartPosition.first());
        first.next();
        first.call(gone::close);
        TestSession second = rig.sessionOn(rig.homeOf(topic));
        second.acknowledge(false);
        second.subscribe("orders", "g", 1, StartPosition.first());
        long held = second.next().offset();
        ShardOwner shard = rig.shardOf(topic);
        int partition = topic.partition(0).id();
        GroupOwner group = Objects.requireNonNull(
                Objects.requireNonNull(shard.existing(partition)).groups().named("g"));

        // When
        MemberId left = new MemberId(partition, group.def().id(), 0, 1);
        MemberPort nobody = Objects.requireNonNull(group.member(0)).port();
        MemberCommand settle = new MemberCommand.Settle(new long[] {held, held}, 0);
        session.run(() -> shard.tell(new ShardCommand.ToMember(left, nobody, settle)));
        rig.settle();

        // Then
        assertThat(group.group().totals().acked()).isZero();
    }

    private static byte[] named(String name) {
        return Arrays.copyOf((name + " ").getBytes(StandardCharsets.UTF_8), LARGE_BYTES);
    }

    @Test
    void shouldHaveNoMoreInHandThanTheLimitAndOneMessage() throws Exception {
        // Given
        TopicSettings dropping =
                NodeRig.settings(TopicKind.LOG, Durability.MEMORY, 1, 0, NodeRig.MIB, Overflow.DROP_OLDEST, -1);
        Topic topic = session.create("slow", dropping);
        SubscriptionLink held = other.subscribe("slow", "g", 1_000, StartPosition.first());

        // When
        for (int i = 0; i < 30; i++) {
            byte[] payload = named("m" + i);
            session.run(() -> session.link().publish(topic, new Draft().payload(payload, 0, payload.length), 0));
            rig.pass(0);
        }
        rig.settle();

        // Then
        assertThat(other.received.size()).isEqualTo(6);
        assertThat(rig.inMemory(topic)).isLessThan(2 * NodeRig.MIB + LARGE_BYTES + 4_000);
        other.received.clear();
        other.run(() -> held.ack(0, 0, 5));
        assertThat(other.next().text()).startsWith("m25 ");
    }
}
