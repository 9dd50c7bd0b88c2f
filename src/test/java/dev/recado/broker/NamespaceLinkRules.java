package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.node.NodeRig;
import dev.recado.security.Grant;
import dev.recado.security.Identity;
import dev.recado.security.Operation;
import dev.recado.security.Rights;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** That what a session names is what has that name in its namespace. */
public interface NamespaceLinkRules extends BrokerContract {

    /** A session that works in {@code namespace}, which is made where it is not there. */
    private ContractSession openIn(String namespace) {
        ContractSession session = open();
        session.ask(link -> link.change(new CatalogChange.CreateNamespace(namespace)));
        session.run(link -> assertThat(link.enter(namespace)).isNull());
        return session;
    }

    /** A log of the name {@code orders} with the group {@code g}, bound to the fanout {@code x}. */
    private Topic orders(ContractSession session) {
        TopicName name = new TopicName(session.link().namespace(), "orders");
        TopicName exchange = new TopicName(session.link().namespace(), "x");
        UUID uuid = UUID.nameUUIDFromBytes(name.toString().getBytes(StandardCharsets.UTF_8));
        session.ask(link ->
                link.change(new CatalogChange.CreateTopic(name, uuid, NodeRig.log(1, 0, Overflow.BLOCK), false)));
        session.ask(link -> link.change(new CatalogChange.CreateGroup(
                uuid, "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false)));
        session.ask(link -> link.change(new CatalogChange.CreateExchange(exchange, ExchangeType.FANOUT)));
        session.ask(link -> link.change(new CatalogChange.Bind(exchange, uuid, "", Map.of())));
        return Objects.requireNonNull(stage().broker().catalog().topic(name));
    }

    private static void through(ContractSession session, String exchange, String text) {
        session.run(link -> session.note(
                link.publishThrough(exchange, "orders", ContractSession.draft(text), session.ticket(), null, 0)));
    }

    @Test
    default void shouldBeginInTheOneThatIsAlwaysThere() {
        // Given
        ContractSession session = open();

        // When
        session.run(link -> link.introduce(link.info().withNamespace("elsewhere")));

        // Then
        assertThat(session.link().namespace()).isEqualTo("/");
        assertThat(session.link().info().namespace()).isEqualTo("/");
    }

    @Test
    default void shouldKeepEqualNamesOfTwoNamespacesApart() {
        // Given
        ContractSession here = open();
        ContractSession there = openIn("shop");
        Topic ours = orders(here);
        Topic theirs = orders(there);

        // When
        through(here, "", "here by name");
        through(here, "x", "here by exchange");
        through(there, "", "there by name");
        through(there, "x", "there by exchange");
        here.subscribe(BrokerContract.group("orders", 10));
        there.subscribe(BrokerContract.group("orders", 10));

        // Then
        assertThat(here.told("got")).containsExactly("got here by name", "got here by exchange");
        assertThat(there.told("got")).containsExactly("got there by name", "got there by exchange");
        assertThat(here.browse(ours, StartPosition.first(), 10)).hasSize(2);
        assertThat(there.browse(theirs, StartPosition.first(), 10)).hasSize(2);
    }

    @Test
    default void shouldFindNothingOfAnotherNamespace() {
        // Given
        ContractSession here = open();
        orders(here);
        ContractSession there = openIn("shop");

        // When
        ErrorCode subscribed = there.askInVain(link -> link.subscribe(BrokerContract.group("orders", 10)));
        through(there, "", "m");
        through(there, "x", "m");

        // Then
        assertThat(subscribed).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(there.told()).containsExactly("routed 0 to 0", "refused at once EXCHANGE_NOT_FOUND");
    }

    @Test
    default void shouldFeedPatternsAndTapsFromTheirOwn() {
        // Given
        ContractSession here = open();
        ContractSession there = openIn("shop");
        Topic ours = orders(here);
        Topic theirs = orders(there);
        ContractSession patterns = openIn("shop");
        patterns.subscribe(new SubscribeSpec(SubscribeSpec.Kind.PATTERN, "#", null, null, 10, StartPosition.next()));
        ContractSession taps = openIn("shop");
        taps.subscribe(SubscribeSpec.tap("orders", SlowTap.BLOCK));

        // When
        here.publish(ours, "ours");
        there.publish(theirs, "theirs");

        // Then
        assertThat(patterns.told("got")).containsExactly("got theirs");
        assertThat(taps.told("tapped")).containsExactly("tapped theirs");
    }

    @Test
    default void shouldKeepWhatASessionHasWhenItEntersAnother() {
        // Given
        ContractSession session = openIn("shop");
        Topic topic = orders(session);
        session.subscribe(BrokerContract.group("orders", 10));

        // When
        session.run(link -> assertThat(link.enter("/")).isNull());
        session.publish(topic, "m");

        // Then
        assertThat(session.told("got")).containsExactly("got m");
        assertThat(session.askInVain(link -> link.subscribe(BrokerContract.group("orders", 10))))
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
    }

    @Test
    default void shouldEndTheSessionsOfANamespaceThatIsDeletedBehindTheAnswer() {
        // Given
        ContractSession inside = openIn("shop");
        ContractSession other = openIn("shop");
        ContractSession outside = open();

        // When
        inside.ask(link -> link.change(new CatalogChange.DeleteNamespace("shop", true)));

        // Then
        assertThat(inside.told("closed")).containsExactly("closed NOT_FOUND");
        assertThat(other.told("closed")).containsExactly("closed NOT_FOUND");
        outside.publish(orders(outside), "m");
        assertThat(outside.told()).doesNotContain("closed NOT_FOUND");
    }

    @Test
    default void shouldLetNobodyInWhereNothingIsOrNothingIsGiven() {
        // Given
        openIn("shop");
        Grant grant = new Grant("sh*", "orders", Set.of(Operation.PUBLISH));
        ContractSession limited =
                new ContractSession(stage(), 0, Patience.REFUSE, new Identity("ana", Rights.of(grant)));
        ContractSession other = open();

        // When
        Refusal nowhere = other.link().enter("nowhere");
        Refusal given = limited.link().enter("shop");
        Refusal notGiven = limited.link().enter("/");
        Refusal nobody = stage().broker().mayEnter(Identity.NOBODY, "shop");

        // Then
        assertThat(Objects.requireNonNull(nowhere).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(nowhere.detail()).isEqualTo("namespace=nowhere");
        assertThat(given).isNull();
        assertThat(Objects.requireNonNull(notGiven).code()).isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThat(Objects.requireNonNull(nobody).code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
        assertThat(limited.link().namespace()).isEqualTo("shop");
    }

    @Test
    default void shouldHoldRightsAgainstTheNamespaceOfTheSession() {
        // Given
        Topic theirs = orders(openIn("shop"));
        Topic ours = orders(open());
        Grant grant = new Grant("shop", "*", Set.of(Operation.PUBLISH, Operation.CONSUME));
        ContractSession ana = new ContractSession(stage(), 0, Patience.REFUSE, new Identity("ana", Rights.of(grant)));

        // When
        ErrorCode before = ana.askInVain(link -> link.subscribe(BrokerContract.group("orders", 10)));
        through(ana, "x", "before");
        ana.run(link -> assertThat(link.enter("shop")).isNull());
        ana.subscribe(BrokerContract.group("orders", 10));
        through(ana, "x", "after");
        ana.publish(ours, "by its number");

        // Then
        assertThat(before).isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThat(ana.told())
                .containsExactlyInAnyOrder(
                        "refused at once NOT_AUTHORIZED",
                        "routed 0 to 1",
                        "got after",
                        "refused at once NOT_AUTHORIZED");
        assertThat(theirs.name().namespace()).isEqualTo("shop");
    }

    @Test
    default void shouldGiveAProducersIdToOneSessionOfEachNamespace() {
        // Given
        ContractSession here = open();
        ContractSession there = openIn("shop");
        Topic ours = orders(here);
        orders(there);

        // When
        here.ask(link -> link.producer("p", 0));
        here.run(link -> here.note(link.publishNumbered(ours, ContractSession.draft("m"), here.ticket(), "p", 7)));
        long expected = there.ask(link -> link.producer("p", 0));
        Refusal late = there.link().enter("/");

        // Then
        assertThat(here.told("closed")).isEmpty();
        assertThat(expected).isZero();
        assertThat(open().<Long>ask(link -> link.producer("p", 0))).isEqualTo(8);
        assertThat(Objects.requireNonNull(late).code()).isEqualTo(ErrorCode.NOT_ALLOWED);
    }

    @Test
    default void shouldDeleteANamespaceWithItsTopicsWhereThatIsAsked() {
        // Given
        ContractSession there = openIn("shop");
        Topic ours = orders(open());
        orders(there);
        there.subscribe(BrokerContract.group("orders", 10));

        // When
        ErrorCode unasked = there.askInVain(link -> link.change(new CatalogChange.DeleteNamespace("shop", false)));
        there.ask(link -> link.change(new CatalogChange.DeleteNamespace("shop", true)));
        ErrorCode gone = there.askInVain(link -> link.change(new CatalogChange.CreateTopic(
                new TopicName("shop", "orders"), UUID.randomUUID(), NodeRig.log(1, 0, Overflow.BLOCK), false)));

        // Then
        assertThat(unasked).isEqualTo(ErrorCode.IN_USE);
        assertThat(there.told("ended")).hasSize(1);
        assertThat(gone).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(stage().broker().catalog().topics()).extracting(Topic::name).containsExactly(ours.name());
    }
}
