package dev.recado.core.topic;

import static dev.recado.core.topic.CatalogTalk.converse;
import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bind;
import static dev.recado.core.topic.Changes.createTopic;
import static dev.recado.core.topic.Changes.exchange;
import static dev.recado.core.topic.Changes.join;
import static dev.recado.core.topic.Changes.part;
import static dev.recado.core.topic.Changes.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What becomes of exchanges and their bindings when the catalog changes. */
class ExchangeRulesTest {

    @Test
    void shouldCreateBindAndDeleteExchanges() {
        converse("""
                > topic orders
                < TopicCreated orders#1
                > exchange news topic
                < ExchangeChanged news 0
                > exchange news topic
                < Unchanged
                > exchange news fanout
                < EXCHANGE_EXISTS with other settings, exchange=news other=type
                > bind news orders a.#
                < ExchangeChanged news 1
                > bind news orders a.#
                < Unchanged
                > bind news orders b k=v x-match=any
                < ExchangeChanged news 2
                > bind news orders b x-match=most
                < INVALID_ARGUMENT key=x-match value=most allowed=all, any, all-with-x, any-with-x
                > bind olds orders a
                < EXCHANGE_NOT_FOUND olds
                > bind '' orders a
                < NOT_ALLOWED the default exchange cannot be bound: it routes by topic name
                > exchange '' direct
                < NOT_ALLOWED the default exchange cannot be created: it routes by topic name
                > unexchange ''
                < NOT_ALLOWED the default exchange cannot be deleted: it routes by topic name
                > unbind news orders b
                < NOT_FOUND no such binding, exchange=news topic=orders key=b
                > unbind news orders b x-match=any k=v
                < ExchangeChanged news 1
                > drop orders
                < TopicDropped orders#1
                > exchange $topics topic
                < INVALID_ARGUMENT exchange name is reserved: names beginning with $ are the broker's, exchange=$topics
                > unexchange news
                < ExchangeDropped news 0
                > unexchange news
                < EXCHANGE_NOT_FOUND news
                """);
    }

    @Test
    void shouldTellWhichSettingsOfAnExchangeDiffer() {
        converse("""
                > exchange news topic internal=true
                < ExchangeChanged news 0
                > exchange news topic internal=true
                < Unchanged
                > exchange news fanout alternate=lost
                < EXCHANGE_EXISTS with other settings, exchange=news other=type, internal, alternate
                > exchange? news fanout alternate=lost
                < Unchanged
                > exchange news topic internal=true auto-delete=true durable=false
                < EXCHANGE_EXISTS with other settings, exchange=news other=auto-delete, durable
                """);
    }

    @Test
    void shouldJoinExchanges() {
        converse("""
                > exchange a direct
                < ExchangeChanged a 0
                > join a b k
                < EXCHANGE_NOT_FOUND b
                > exchange b fanout
                < ExchangeChanged b 0
                > join a b k
                < ExchangeChanged a 1
                > join a b k
                < Unchanged
                > join b a k
                < ExchangeChanged b 1
                > join a a x
                < ExchangeChanged a 2
                > join a '' k
                < NOT_ALLOWED the default exchange cannot be bound: it routes by topic name
                > part a b other
                < NOT_FOUND no such binding, exchange=a exchange=b key=other
                > part a b k
                < ExchangeChanged a 1
                > part a nobody k
                < EXCHANGE_NOT_FOUND nobody
                > unexchange a
                < ExchangeDropped a 1
                > exchange a direct
                < ExchangeChanged a 0
                > join a b k
                < ExchangeChanged a 1
                > part b a k
                < NOT_FOUND no such binding, exchange=b exchange=a key=k
                """);
    }

    @Test
    void shouldEndExchangesWithTheirLastBinding() {
        converse("""
                > topic orders
                < TopicCreated orders#1
                > exchange a fanout auto-delete=true
                < ExchangeChanged a 0
                > exchange b fanout auto-delete=true
                < ExchangeChanged b 0
                > exchange keeps fanout
                < ExchangeChanged keeps 0
                > join a b k
                < ExchangeChanged a 1
                > join keeps a k
                < ExchangeChanged keeps 1
                > bind b orders k
                < ExchangeChanged b 1
                > bind b orders l
                < ExchangeChanged b 2
                > unbind b orders l
                < ExchangeChanged b 1
                > drop orders
                < TopicDropped orders#1
                > unexchange b
                < EXCHANGE_NOT_FOUND b
                > unexchange a
                < EXCHANGE_NOT_FOUND a
                > unexchange keeps
                < ExchangeDropped keeps 0
                """);
    }

    @Test
    void shouldEndAnExchangeThatIsUnboundForTheLastTime() {
        converse("""
                > topic orders
                < TopicCreated orders#1
                > exchange a fanout auto-delete=true
                < ExchangeChanged a 0
                > bind a orders k
                < ExchangeChanged a 1
                > exchange b fanout auto-delete=true
                < ExchangeChanged b 0
                > join b a k
                < ExchangeChanged b 1
                > unbind a orders k
                < ExchangeDropped a 0
                > unexchange b
                < EXCHANGE_NOT_FOUND b
                """);
    }

    @Test
    void shouldEndWhatIsNotDurableAtAStart() {
        converse("""
                > restart
                < Unchanged
                > exchange stays direct
                < ExchangeChanged stays 0
                > exchange goes direct durable=false
                < ExchangeChanged goes 0
                > exchange follows direct auto-delete=true
                < ExchangeChanged follows 0
                > join stays goes k
                < ExchangeChanged stays 1
                > join follows goes k
                < ExchangeChanged follows 1
                > restart
                < TransientExchangesDropped
                > unexchange goes
                < EXCHANGE_NOT_FOUND goes
                > unexchange follows
                < EXCHANGE_NOT_FOUND follows
                > unexchange stays
                < ExchangeDropped stays 0
                > restart
                < Unchanged
                """);
    }

    @Test
    void shouldBoundBindingsToExchanges() {
        // Given
        Catalog catalog = apply(Catalog.empty(1), exchange("a", ExchangeType.DIRECT));
        catalog = apply(catalog, exchange("b", ExchangeType.DIRECT));
        catalog = apply(catalog, createTopic("t"));
        for (int i = 0; i < Catalog.EXCHANGE_BINDINGS_MAX; i++) {
            catalog = apply(catalog, join("a", "b", "k" + i));
        }

        // When
        CatalogResult full = catalog.apply(join("b", "a", "k"));

        // Then
        assertThat(full)
                .extracting(r -> ((CatalogResult.Refused) r).refusal())
                .isEqualTo(
                        Refusal.of(ErrorCode.LIMIT_REACHED, "too many bindings to exchanges, now=10000 allowed=10000"));
        Catalog other = apply(catalog, bind("b", "t", "k", Map.of()));
        assertThat(apply(apply(other, part("a", "b", "k0")), join("b", "a", "k")))
                .isNotNull();
        assertThat(apply(other, new CatalogChange.DeleteExchange(TopicName.of("b")))
                        .apply(join("a", "a", "k")))
                .isInstanceOf(CatalogResult.Applied.class);
    }

    @Test
    void shouldRemoveBindingsWithTheirTopic() {
        // Given
        Catalog catalog = Catalog.empty(1);
        for (CatalogChange change : List.of(
                createTopic("a"),
                createTopic("b"),
                exchange("x", ExchangeType.DIRECT),
                bind("x", "a", "k", Map.of()),
                bind("x", "b", "k", Map.of()))) {
            catalog = apply(catalog, change);
        }

        // When
        catalog = apply(catalog, new CatalogChange.DeleteTopic(uuid("a")));

        // Then
        ExchangeDef exchange = Objects.requireNonNull(catalog.exchange(TopicName.of("x")));
        assertThat(exchange.bindings()).containsExactly(new Binding(2, "k", Map.of()));
    }

    @Test
    void shouldNotBindAcrossNamespaces() {
        // Given
        Catalog catalog = apply(Catalog.empty(1), createTopic("a"));
        TopicName elsewhere = new TopicName("other", "x");
        catalog = apply(catalog, new CatalogChange.CreateNamespace("other"));
        catalog = apply(catalog, new CatalogChange.CreateExchange(elsewhere, ExchangeType.FANOUT));

        // When
        CatalogResult result = catalog.apply(new CatalogChange.Bind(elsewhere, uuid("a"), "", Map.of()));

        // Then
        assertThat(result)
                .extracting(r -> ((CatalogResult.Refused) r).refusal().detail())
                .isEqualTo("exchange and topic lie in two namespaces, exchange=other:x topic=a");
    }
}
