package dev.recado.core.topic;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.createTopic;
import static dev.recado.core.topic.Changes.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NamespaceRulesTest {

    private static final TopicName IN_SHOP = new TopicName("shop", "orders");

    private static CatalogChange create(String name) {
        return new CatalogChange.CreateNamespace(name);
    }

    private static CatalogChange delete(String name, boolean withTopics) {
        return new CatalogChange.DeleteNamespace(name, withTopics);
    }

    private static CatalogChange topic(TopicName name) {
        return new CatalogChange.CreateTopic(
                name, uuid(name.toString()), TopicSettings.DEFAULT.with(TopicSettings.KIND, TopicKind.QUEUE), false);
    }

    private static String refused(Catalog catalog, CatalogChange change) {
        Refusal refusal = ((CatalogResult.Refused) catalog.apply(change)).refusal();
        return refusal.code() + " " + refusal.detail();
    }

    private static CatalogEvent event(Catalog catalog, CatalogChange change) {
        return ((CatalogResult.Applied) catalog.apply(change)).event();
    }

    /** With equal names in {@code /} and in {@code shop}, each bound to an exchange of its own. */
    private static Catalog twice() {
        Catalog catalog = apply(apply(Catalog.empty(8), createTopic("orders")), create("shop"));
        catalog = apply(catalog, topic(IN_SHOP));
        for (TopicName topic : List.of(TopicName.of("orders"), IN_SHOP)) {
            TopicName exchange = new TopicName(topic.namespace(), "x");
            catalog = apply(catalog, new CatalogChange.CreateExchange(exchange, ExchangeType.FANOUT));
            catalog = apply(
                    catalog,
                    new CatalogChange.Bind(
                            exchange,
                            Objects.requireNonNull(catalog.topic(topic)).uuid(),
                            "",
                            Map.of()));
        }
        return catalog;
    }

    @Test
    void shouldAlwaysHaveTheFirst() {
        // Given
        Catalog catalog = Catalog.empty(8);

        // When, Then
        assertThat(catalog.namespaces()).containsExactly("/");
        assertThat(catalog.namespace("/")).isEqualTo("/");
        assertThat(event(catalog, create("/"))).isInstanceOf(CatalogEvent.Unchanged.class);
        assertThat(refused(catalog, delete("/", true))).isEqualTo("NOT_ALLOWED the namespace / is always there");
    }

    @Test
    void shouldMakeNamespacesOfAnyLegalName() {
        // Given
        Catalog catalog = Catalog.empty(8);
        List<String> names = List.of(" ", "../..", "a:b", "shop", "\u00f1");

        // When
        for (String name : names) {
            catalog = apply(catalog, create(name));
        }

        // Then
        assertThat(catalog.namespaces()).containsExactly("/", " ", "../..", "a:b", "shop", "\u00f1");
        assertThat(event(catalog, create("shop"))).isInstanceOf(CatalogEvent.Unchanged.class);
    }

    @Test
    void shouldRefuseNamesThatNothingMayHave() {
        // Given
        Catalog catalog = Catalog.empty(8);

        // When, Then
        assertThat(refused(catalog, create(""))).startsWith("INVALID_ARGUMENT namespace name is empty");
        assertThat(refused(catalog, create("$x"))).startsWith("INVALID_ARGUMENT namespace name is reserved");
        assertThat(refused(catalog, create("a\nb"))).startsWith("INVALID_ARGUMENT namespace name has a control");
        assertThat(refused(catalog, create("x".repeat(256)))).startsWith("INVALID_ARGUMENT namespace name is longer");
    }

    @Test
    void shouldBoundHowManyThereAre() {
        // Given
        Catalog catalog = Catalog.empty(8);
        for (int i = 1; i < Catalog.NAMESPACES_MAX; i++) {
            catalog = apply(catalog, create("n" + i));
        }

        // When, Then
        assertThat(refused(catalog, create("more")))
                .isEqualTo("LIMIT_REACHED too many namespaces, now=1000 allowed=1000");
        assertThat(event(catalog, create("n1"))).isInstanceOf(CatalogEvent.Unchanged.class);
    }

    @Test
    void shouldMakeNothingInANamespaceThatIsNotThere() {
        // Given
        Catalog catalog = Catalog.empty(8);

        // When, Then
        assertThat(refused(catalog, topic(IN_SHOP))).isEqualTo("NOT_FOUND namespace=shop");
        assertThat(refused(catalog, new CatalogChange.CreateExchange(IN_SHOP, ExchangeType.DIRECT)))
                .isEqualTo("NOT_FOUND namespace=shop");
    }

    @Test
    void shouldKeepEqualNamesApart() {
        // Given
        Catalog catalog = twice();

        // When
        Topic ours = Objects.requireNonNull(catalog.topic(TopicName.of("orders")));
        Topic theirs = Objects.requireNonNull(catalog.topic(IN_SHOP));

        // Then
        assertThat(ours.isQueue()).isFalse();
        assertThat(theirs.isQueue()).isTrue();
        assertThat(theirs.id()).isNotEqualTo(ours.id());
        assertThat(Objects.requireNonNull(catalog.exchange(new TopicName("shop", "x")))
                        .bindings()
                        .get(0)
                        .topicId())
                .isEqualTo(theirs.id());
    }

    @Test
    void shouldDeleteNoTopicsUnasked() {
        // Given
        Catalog catalog = twice();

        // When, Then
        assertThat(refused(catalog, delete("shop", false))).isEqualTo("IN_USE namespace=shop topics=1");
        assertThat(refused(catalog, delete("nowhere", false))).isEqualTo("NOT_FOUND namespace=nowhere");
    }

    @Test
    void shouldDeleteEverythingInANamespaceAndNothingElse() {
        // Given
        Catalog catalog = twice();
        Topic theirs = Objects.requireNonNull(catalog.topic(IN_SHOP));

        // When
        CatalogResult.Applied result = (CatalogResult.Applied) catalog.apply(delete("shop", true));

        // Then
        Catalog after = result.catalog();
        assertThat(result.event()).isEqualTo(new CatalogEvent.NamespaceDropped("shop", List.of(theirs)));
        assertThat(result.event().dropped()).containsExactly(theirs);
        assertThat(after.namespaces()).containsExactly("/");
        assertThat(after.topics()).extracting(Topic::name).containsExactly(TopicName.of("orders"));
        assertThat(after.exchanges()).extracting(ExchangeDef::name).containsExactly(TopicName.of("x"));
        assertThat(after.exchanges().iterator().next().bindingCount()).isEqualTo(1);
        assertThat(after.partition(theirs.partition(0).id())).isNull();
        assertThat(after.groupCount()).isZero();
        assertThat(after.bindingCount).isEqualTo(1);
    }

    @Test
    void shouldDeleteExchangesWithANamespaceWithoutTopics() {
        // Given
        Catalog catalog = apply(twice(), new CatalogChange.DeleteTopic(uuid(IN_SHOP.toString())));

        // When
        Catalog after = apply(catalog, delete("shop", false));

        // Then
        assertThat(after.exchanges()).hasSize(1);
        assertThat(refused(after, topic(IN_SHOP))).startsWith(ErrorCode.NOT_FOUND.name());
    }
}
