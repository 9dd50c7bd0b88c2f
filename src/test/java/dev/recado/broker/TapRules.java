package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.node.NodeRig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Taps, patterns and what is wanted of a topic. */
public interface TapRules extends BrokerContract {

    private static byte[] bytes(String prefix) {
        return prefix.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean want(ContractSession session, SubscriptionLink tap, String prefix) {
        boolean[] wanted = new boolean[1];
        session.run(link -> wanted[0] = tap.want(bytes(prefix)) == null);
        return wanted[0];
    }

    private static boolean unwant(ContractSession session, SubscriptionLink tap, String prefix) {
        boolean[] wanted = new boolean[1];
        session.run(link -> wanted[0] = tap.unwant(bytes(prefix)));
        return wanted[0];
    }

    private Topic memory(String name) {
        return create(name, NodeRig.memory(0, Overflow.BLOCK));
    }

    @Test
    default void shouldTapInOrderFromNowOnWhateverGroupsDo() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.subscribe(BrokerContract.group("orders", 1));
        session.publish(topic, "a");

        // When
        SubscriptionLink tap = session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        session.publish(topic, "b", "c");
        session.publish(topic, "d");

        // Then
        assertThat(session.told("tapped")).containsExactly("tapped b", "tapped c", "tapped d");
        assertThat(tap.group()).isEmpty();
        assertThat(tap.consumerId()).isEmpty();
    }

    @Test
    default void shouldTapForEachTapOfALoop() {
        // Given
        Topic topic = memory("orders");
        ContractSession one = open(0);
        ContractSession other = open(0);
        one.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        other.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));

        // When
        one.publish(topic, "a");

        // Then
        assertThat(one.told("tapped")).containsExactly("tapped a");
        assertThat(other.told()).containsExactly("tapped a");
    }

    @Test
    default void shouldHoldNoLeasesOnATap() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink tap = session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        session.publish(topic, "a");
        session.told();

        // When
        session.run(link -> {
            tap.ack(0, 0, 0);
            tap.nack(0, 0, 0);
            tap.reject(0, 0, "no");
            tap.addCredit(5);
        });
        boolean extended = session.ask(link -> tap.extend(0, 0, 1_000));

        // Then
        assertThat(extended).isFalse();
        assertThat(session.told()).isEmpty();
    }

    @Test
    default void shouldAnswerADurableAcknowledgementOfATapAtOnce() {
        // Given
        log("orders");
        ContractSession session = open();
        SubscriptionLink tap = session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));

        // When
        session.run(link -> tap.ackDurably(0, 3));

        // Then
        assertThat(session.told()).containsExactly("acked 0/3");
    }

    @Test
    default void shouldTapNothingBehindTheEnd() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink tap = session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));

        // When
        session.ask(link -> tap.close());
        session.publish(topic, "a");

        // Then
        assertThat(session.told()).containsExactly("confirmed 0 at 0/0");
    }

    @Test
    default void shouldTapNothingForWhoWantsNothing() {
        // Given
        Topic topic = memory("orders");
        ContractSession session = open();
        SubscriptionLink tap = session.subscribe(SubscribeSpec.filteredTap("orders", SlowTap.BLOCK));

        // When
        session.publish(topic, "a");
        boolean wanted = want(session, tap, "");
        session.publish(topic, "b");
        boolean unwanted = unwant(session, tap, "");
        session.publish(topic, "c");

        // Then
        assertThat(wanted).isTrue();
        assertThat(unwanted).isTrue();
        assertThat(session.told("tapped")).containsExactly("tapped b");
    }

    @Test
    default void shouldKeepWhatATapWants() {
        // Given
        memory("orders");
        ContractSession session = open();
        SubscriptionLink tap = session.subscribe(SubscribeSpec.filteredTap("orders", SlowTap.BLOCK));

        // When
        List<Boolean> wants = List.of(want(session, tap, "ab"), want(session, tap, "ab"), want(session, tap, "x"));
        List<Boolean> unwants =
                List.of(unwant(session, tap, "a"), unwant(session, tap, "ab"), unwant(session, tap, "ab"));

        // Then
        assertThat(wants).containsOnly(true);
        assertThat(unwants).containsExactly(false, true, false);
        assertThat(tap.wanted()).containsExactly(bytes("x"));
    }

    @Test
    default void shouldFilterNothingForOtherSubscriptions() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();
        SubscriptionLink tap = session.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));
        SubscriptionLink member = session.subscribe(BrokerContract.group("orders", 10));

        // When
        want(session, tap, "x");
        want(session, member, "x");
        session.publish(topic, "a");

        // Then
        assertThat(session.told()).contains("tapped a", "got a");
        assertThat(tap.wanted().isEmpty()).isTrue();
        assertThat(member.wanted().isEmpty()).isTrue();
        assertThat(unwant(session, tap, "x")).isFalse();
    }

    private static SubscribeSpec pattern(String pattern, int credit) {
        return new SubscribeSpec(SubscribeSpec.Kind.PATTERN, pattern, null, null, credit, StartPosition.next());
    }

    @Test
    default void shouldBringWhatMatchesAPattern() {
        // Given
        Topic red = memory("cars.red");
        Topic other = memory("boats");
        ContractSession session = open(1);
        SubscriptionLink subscription = session.subscribe(pattern("cars.*", 2));

        // When
        session.publish(red, "a", "b", "c");
        session.publish(other, "x");
        List<String> first = session.told("got");
        session.run(link -> subscription.ackDurably(0, session.held("a").offset()));

        // Then
        assertThat(first).containsExactly("got a", "got b");
        assertThat(session.told()).containsExactlyInAnyOrder("acked 0/0", "got c");
        assertThat(subscription.topic()).isEqualTo("cars.*");
        assertThat(subscription.group()).isEmpty();
        assertThat(subscription.partitionCount()).isEqualTo(1);
    }

    @Test
    default void shouldBringNothingOfAPatternBehindItsEnd() {
        // Given
        Topic red = memory("cars.red");
        ContractSession session = open();
        SubscriptionLink subscription = session.subscribe(pattern("cars.#", 10));

        // When
        session.ask(link -> subscription.close());
        session.publish(red, "a");

        // Then
        assertThat(session.told()).containsExactly("confirmed 0 at 0/0");
    }

    @Test
    default void shouldTellWhatIsWantedOfATopicThatIsStored() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open();

        // When
        session.run(link -> {
            link.watchInterest(topic);
            link.watchInterest(topic);
        });

        // Then
        assertThat(session.told()).containsExactly("wanted orders:");
    }

    @Test
    default void shouldTellEachChangeOfWhatIsWantedInOrder() {
        // Given
        Topic topic = memory("orders");
        ContractSession consumer = open(1);
        SubscriptionLink tap = consumer.subscribe(SubscribeSpec.filteredTap("orders", SlowTap.BLOCK));
        want(consumer, tap, "a");
        ContractSession session = open(0);
        session.run(link -> link.watchInterest(topic));

        // When
        want(consumer, tap, "ab");
        unwant(consumer, tap, "a");
        SubscriptionLink member = consumer.subscribe(BrokerContract.group("orders", 10));
        consumer.run(Link::close);

        // Then
        assertThat(session.told(""))
                .containsExactly(
                        "wanted orders:a",
                        "wanted orders:ab",
                        "unwanted orders:a",
                        "wanted orders:",
                        "unwanted orders:ab");
        assertThat(member.group()).isEqualTo("g");
    }

    @Test
    default void shouldTellOfAPrefixOnceWhoeverWantsIt() {
        // Given
        Topic topic = memory("orders");
        ContractSession session = open(0);
        session.run(link -> link.watchInterest(topic));
        ContractSession one = open(1);
        SubscriptionLink first = one.subscribe(SubscribeSpec.filteredTap("orders", SlowTap.BLOCK));
        ContractSession other = open(0);
        SubscriptionLink second = other.subscribe(SubscribeSpec.filteredTap("orders", SlowTap.BLOCK));

        // When
        want(one, first, "a");
        want(other, second, "a");
        unwant(one, first, "a");
        List<String> before = session.told();
        other.run(Link::close);

        // Then
        assertThat(before).containsExactly("wanted orders:a");
        assertThat(session.told()).containsExactly("unwanted orders:a");
    }

    @Test
    default void shouldGoOnWatchingTheNameOfATopic() {
        // Given
        Topic topic = log("orders");
        ContractSession session = open(1);
        session.run(link -> link.watchInterest(topic));

        // When
        delete(topic);
        log("orders");

        // Then
        assertThat(session.told()).containsExactly("wanted orders:", "unwanted orders:", "wanted orders:");
    }
}
