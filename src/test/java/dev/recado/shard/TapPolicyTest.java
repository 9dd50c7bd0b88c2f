package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SlowTap;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import dev.recado.node.SimRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tap gets that wants little, and what becomes of one that is slow. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class TapPolicyTest {

    private static final int MESSAGES = 24;

    private final long seed;
    private SimRig rig;
    private TestSession publisher;
    private TestSession reader;
    private Topic topic;

    TapPolicyTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() throws Exception {
        rig = SimRig.start(seed);
        publisher = rig.sessionOn(0);
        reader = rig.sessionOn(1);
        topic = publisher.create("news", NodeRig.memory(0, Overflow.BLOCK));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private SubscriptionLink tap(SubscribeSpec spec) throws Exception {
        return reader.call(() -> reader.link().subscribe(spec));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Each in a turn of its own, so that each is a batch; answers whether publishing was ever held up. */
    private boolean publishMebibytes() throws Exception {
        boolean heldUp = false;
        byte[] payload = new byte[NodeRig.MIB];
        for (int i = 0; i < MESSAGES; i++) {
            long ticket = i;
            publisher.run(
                    () -> publisher.link().publish(topic, new Draft().payload(payload, 0, payload.length), ticket));
            rig.pass(0);
            heldUp |= isHeldUp();
        }
        return heldUp;
    }

    private boolean isHeldUp() throws Exception {
        ShardOwner shard = rig.shardOf(topic);
        return rig.onLoop(shard.loop().index(), () -> Objects.requireNonNull(
                        shard.existing(topic.partition(0).id()))
                .admission()
                .isHeldUp());
    }

    private long dropped() throws Exception {
        return reader.call(() -> reader.link().figures()).values().get("messages_tap_dropped");
    }

    @Test
    void shouldHandAFilteredTapNothingUntilItWantsSomething() throws Exception {
        // Given
        SubscriptionLink tap = tap(SubscribeSpec.filteredTap("news", SlowTap.DROP));
        publisher.publish(topic, 1, "before");
        rig.until(() -> publisher.confirmed.get() == 1);
        rig.settle();

        // When
        reader.run(() -> assertThat(tap.want(bytes("n"))).isNull());
        publisher.publish(topic, 1, "now");

        // Then
        assertThat(reader.next().text()).isEqualTo("now0");
        reader.run(() -> {
            assertThat(tap.wanted().size()).isEqualTo(1);
            assertThat(tap.unwant(bytes("n"))).isTrue();
            assertThat(tap.unwant(bytes("n"))).isFalse();
        });
        publisher.publish(topic, 1, "later");
        rig.until(() -> publisher.confirmed.get() == 3);
        rig.settle();
        assertThat(reader.received).isEmpty();
        assertThat(dropped()).isZero();
    }

    @Test
    void shouldIgnoreWishesOfATapThatIsNotFiltered() throws Exception {
        // Given
        SubscriptionLink tap = tap(SubscribeSpec.tap("news", SlowTap.BLOCK));

        // When
        reader.run(() -> tap.want(bytes("x")));
        publisher.publish(topic, 1, "any");

        // Then
        assertThat(reader.next().text()).isEqualTo("any0");
        assertThat(tap.wanted().isEmpty()).isTrue();
    }

    @Test
    void shouldDropForASlowTapWithoutHoldingPublishingUp() throws Exception {
        // Given
        reader.takesTaps(false);
        tap(SubscribeSpec.tap("news", SlowTap.DROP));

        // When
        boolean heldUp = publishMebibytes();

        // Then
        rig.until(() -> publisher.confirmed.get() == MESSAGES);
        rig.settle();
        assertThat(heldUp).isFalse();
        assertThat(dropped()).isBetween(10L, MESSAGES - 9L);
    }

    @Test
    void shouldHoldPublishingUpForASlowTapThatBlocks() throws Exception {
        // Given
        reader.takesTaps(false);
        tap(SubscribeSpec.tap("news", SlowTap.BLOCK));

        // When
        boolean heldUp = publishMebibytes();

        // Then
        assertThat(heldUp).isTrue();
    }

    @Test
    void shouldGiveASlowTapWhatComesOnceItReadsAgain() throws Exception {
        // Given
        reader.takesTaps(false);
        SubscriptionLink tap = tap(SubscribeSpec.tap("news", SlowTap.DROP));
        publishMebibytes();
        rig.until(() -> publisher.confirmed.get() == MESSAGES);
        rig.settle();

        // When
        reader.takesTaps(true);
        reader.run(() -> tap.written(0, NodeRig.MIB + 100));

        // Then
        rig.until(() -> reader.received.size() == MESSAGES - dropped());
        publisher.publish(topic, 1, "again");
        rig.until(() -> reader.received.stream().anyMatch(got -> got.text().equals("again0")));
    }
}
