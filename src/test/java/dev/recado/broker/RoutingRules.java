package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How exchanges lead to topics. */
public interface RoutingRules extends BrokerContract {

    private void exchange(String name, ExchangeType type, Topic... bound) {
        ContractSession session = open();
        session.ask(link -> link.change(new CatalogChange.CreateExchange(TopicName.of(name), type)));
        for (Topic topic : bound) {
            for (String key : new String[] {"k", "k2"}) {
                CatalogChange bind = new CatalogChange.Bind(TopicName.of(name), topic.uuid(), key, Map.of());
                session.ask(link -> link.change(bind));
            }
        }
        session.run(Link::close);
    }

    @Test
    default void shouldRefuseToPublishThroughAnInternalExchange() {
        // Given
        ContractSession session = open();
        ExchangeSettings internal = ExchangeSettings.DEFAULT.with(ExchangeSettings.INTERNAL, true);
        session.ask(link -> link.change(
                new CatalogChange.CreateExchange(TopicName.of("inside"), ExchangeType.FANOUT, internal, false)));

        // When
        session.run(link -> session.note(
                link.publishThrough("inside", "k", ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("refused at once NOT_ALLOWED");
    }

    @Test
    default void shouldStoreOnceWhatExchangesAndKeysLeadToTwice() {
        // Given
        Topic topic = log("orders");
        exchange("some", ExchangeType.DIRECT, topic);
        exchange("first", ExchangeType.FANOUT, topic);
        ContractSession session = open();
        session.ask(link -> link.change(new CatalogChange.Bind(
                TopicName.of("first"), new CatalogChange.Target.ToExchange(TopicName.of("some")), "", Map.of())));

        // When
        session.run(link -> session.note(link.publishThrough(
                "first", List.of("k", "k2", "other"), ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("routed 0 to 1");
        assertThat(session.browse(topic, StartPosition.first(), 10)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Link.KEYS_MAX + 1})
    default void shouldRefuseOneByNoKeyOrTooMany(int keys) {
        // Given
        exchange("some", ExchangeType.DIRECT);
        ContractSession session = open();
        List<String> given = Collections.nCopies(keys, "k");

        // When
        session.run(link -> session.note(
                link.publishThrough("some", given, ContractSession.draft("m"), session.ticket(), null, 0)));

        // Then
        assertThat(session.told()).containsExactly("refused at once INVALID_ARGUMENT");
    }
}
