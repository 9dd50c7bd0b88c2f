package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Topics that are only for the links of one party and end with these. */
public interface ExclusiveTopicRules extends BrokerContract {

    private boolean isThere(String topic) {
        return stage().broker().catalog().topic(TopicName.of(topic)) != null;
    }

    private ContractSession open(int loop, Party party) {
        return new ContractSession(stage(), loop, Patience.REFUSE, new Identity("tester", Rights.ALL), party);
    }

    private static CatalogChange creation(String name, boolean ifAbsent) {
        TopicSettings settings = NodeRig.log(2, 0, Overflow.BLOCK).with(TopicSettings.EXCLUSIVE, true);
        return new CatalogChange.CreateTopic(TopicName.of(name), UUID.randomUUID(), settings, ifAbsent);
    }

    private Topic create(ContractSession owner, String name) {
        owner.ask(link -> link.change(creation(name, false)));
        return topic(name);
    }

    private static CatalogChange group(Topic topic) {
        return new CatalogChange.CreateGroup(
                topic.uuid(), "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false);
    }

    @Test
    default void shouldRefuseOthersAllButToPublish() {
        // Given
        ContractSession owner = open(0, new Party());
        ContractSession other = open(1);
        Topic topic = create(owner, "mine");
        owner.ask(link -> link.change(group(topic)));
        int group = topic("mine").groups().iterator().next().id();
        TopicName exchange = TopicName.of("x");
        other.ask(link -> link.change(new CatalogChange.CreateExchange(exchange, ExchangeType.FANOUT)));
        owner.ask(link -> link.change(new CatalogChange.Bind(exchange, topic.uuid(), "", Map.of())));

        // When
        List<Function<Link, Future<?>>> wishes = List.of(
                link -> link.subscribe(BrokerContract.group("mine", 10)),
                link -> link.change(creation("mine", true)),
                link -> link.change(new CatalogChange.AlterTopic(topic.uuid(), topic.settings())),
                link -> link.change(new CatalogChange.DeleteTopic(topic.uuid())),
                link -> link.change(group(topic)),
                link -> link.change(new CatalogChange.AlterGroup(group, GroupSettings.DEFAULT)),
                link -> link.change(new CatalogChange.DeleteGroup(group)),
                link -> link.change(new CatalogChange.Bind(exchange, topic.uuid(), "k", Map.of())),
                link -> link.change(new CatalogChange.Unbind(exchange, topic.uuid(), "", Map.of())),
                link -> link.purge(topic),
                link -> link.purgeUnheld(topic),
                link -> link.delete(topic, DeleteIf.ANY),
                link -> link.resetGroup(topic, "g", StartPosition.first()),
                link -> link.browse(topic, StartPosition.first(), 10));
        List<ErrorCode> refusals = new ArrayList<>();
        wishes.forEach(wish -> refusals.add(other.askInVain(wish)));
        other.publish(topic, "direct");
        other.run(link ->
                other.note(link.publishThrough("x", "", ContractSession.draft("routed"), other.ticket(), null, 0)));
        owner.subscribe(BrokerContract.group("mine", 10));

        // Then
        assertThat(refusals).hasSize(wishes.size()).containsOnly(ErrorCode.IN_USE);
        assertThat(owner.told("got")).hasSize(2);
    }

    @Test
    default void shouldBelongToAllLinksOfThePartyAndEndWithTheLast() {
        // Given
        Party party = new Party();
        ContractSession first = open(0, party);
        ContractSession second = open(1, party);
        create(first, "mine");
        second.subscribe(BrokerContract.group("mine", 10));

        // When
        first.run(Link::close);
        boolean withOne = isThere("mine");
        second.run(Link::close);

        // Then
        assertThat(withOne).isTrue();
        assertThat(isThere("mine")).isFalse();
    }

    @Test
    default void shouldEndAlsoWhereThePartyIsGoneBeforeTheTopicIsThere() {
        // Given
        ContractSession owner = open(1);

        // When
        owner.begin(link -> link.change(creation("mine", false)));
        owner.begin(Link::close);
        stage().settle();

        // Then
        assertThat(isThere("mine")).isFalse();
    }

    @Test
    default void shouldLeaveATopicOfThatNameThatIsNobodysAsItIs() {
        // Given
        Topic shared = log("shared");
        ContractSession session = open(1);

        // When
        session.ask(link -> link.change(creation("shared", true)));
        ErrorCode other = session.askInVain(link -> link.change(creation("shared", false)));
        session.run(Link::close);

        // Then
        assertThat(other).isEqualTo(ErrorCode.TOPIC_EXISTS);
        assertThat(topic("shared")).isEqualTo(shared);
    }

    @Test
    default void shouldBeMadeAnewByOthersOnceItHasEnded() {
        // Given
        ContractSession owner = open(0);
        ContractSession other = open(1);
        Topic topic = create(owner, "mine");

        // When
        owner.ask(link -> link.change(new CatalogChange.DeleteTopic(topic.uuid())));
        create(other, "mine");
        owner.run(Link::close);

        // Then
        assertThat(isThere("mine")).isTrue();
    }
}
