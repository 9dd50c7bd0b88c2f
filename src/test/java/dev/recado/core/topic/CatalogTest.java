package dev.recado.core.topic;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bind;
import static dev.recado.core.topic.Changes.createTopic;
import static dev.recado.core.topic.Changes.exchange;
import static dev.recado.core.topic.Changes.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Outcome;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatalogTest {

    @Test
    void shouldCreateAlterAndDeleteTopics() {
        converse("""
                > topic orders
                < TopicCreated orders#1
                > topic orders
                < Unchanged
                > topic orders partitions=2
                < TOPIC_EXISTS with other settings, topic=orders other=partitions
                > topic? orders partitions=2
                < Unchanged
                > topic $meta
                < INVALID_ARGUMENT topic name is reserved: names beginning with $ are the broker's, topic=$meta
                > topic jobs kind=queue
                < TopicCreated jobs#2
                > alter orders retention.time=1h
                < TopicAltered orders#1
                > alter orders partitions=3
                < INVALID_ARGUMENT fixed when the topic is created, key=partitions now=1 value=3
                > alter orders kind=queue
                < INVALID_ARGUMENT fixed when the topic is created, key=kind now=log value=queue
                > alter orders durability=memory
                < INVALID_ARGUMENT fixed when the topic is created, key=durability now=fsync value=memory
                > alter orders durability=os
                < TopicAltered orders#1
                > alter orders durability=os
                < Unchanged
                > alter nobody durability=os
                < TOPIC_NOT_FOUND uuid=00000000-0000-5eed-ffff-ffffc1ff7ee3
                > drop orders
                < TopicDropped orders#1
                > drop orders
                < TOPIC_NOT_FOUND uuid=00000000-0000-5eed-ffff-ffffc3df62e5
                > topic orders
                < TopicCreated orders#3
                """);
    }

    @Test
    void shouldCreateAlterAndDeleteGroups() {
        converse("""
                > topic orders
                < TopicCreated orders#1
                > topic jobs kind=queue
                < TopicCreated jobs#2
                > group orders billing
                < GroupCreated orders#1 billing#2
                > group orders billing
                < Unchanged
                > group orders billing from=first
                < GROUP_EXISTS with other settings, topic=orders group=billing other=from
                > group? orders billing from=first
                < Unchanged
                > group orders *
                < INVALID_ARGUMENT group name means a tap, group=*
                > group orders $x
                < INVALID_ARGUMENT group name is reserved: names beginning with $ are the broker's, group=$x
                > group nobody billing
                < TOPIC_NOT_FOUND uuid=00000000-0000-5eed-ffff-ffffc1ff7ee3
                > group jobs billing
                < INVALID_ARGUMENT a queue has one group, topic=jobs group=billing allowed=queue
                > group? jobs queue
                < Unchanged
                > ungroup 1
                < NOT_ALLOWED a queue keeps its group, topic=jobs
                > regroup 2 lease-ms=5s
                < GroupAltered orders#1 billing#2
                > regroup 1 max-deliveries=3
                < GroupAltered jobs#2 queue#1
                > ungroup 2
                < GroupDropped orders#1 billing#2
                > ungroup 2
                < GROUP_NOT_FOUND id=2
                > group orders billing
                < GroupCreated orders#1 billing#3
                > drop orders
                < TopicDropped orders#1
                > ungroup 3
                < GROUP_NOT_FOUND id=3
                """);
    }

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
                < EXCHANGE_EXISTS with another type, exchange=news type=topic
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

    private static void converse(String transcript) {
        Catalog catalog = Catalog.empty(8);
        String answer = "";
        for (String line : transcript.lines().toList()) {
            if (line.startsWith("< ")) {
                assertThat("< " + answer).as(transcript).isEqualTo(line);
                continue;
            }
            CatalogResult result =
                    catalog.apply(change(catalog, line.substring(2).split(" ")));
            if (result instanceof CatalogResult.Applied applied) {
                boolean same = applied.event() instanceof CatalogEvent.Unchanged;
                assertThat(applied.catalog().version()).isEqualTo(catalog.version() + (same ? 0 : 1));
                catalog = applied.catalog();
                answer = told(applied.event());
            } else {
                Refusal refusal = ((CatalogResult.Refused) result).refusal();
                answer = refusal.code() + " " + refusal.detail();
            }
        }
    }

    private static String told(CatalogEvent event) {
        String kind = event.getClass().getSimpleName();
        if (event instanceof CatalogEvent.TopicCreated e) {
            return kind + " " + e.topic();
        } else if (event instanceof CatalogEvent.TopicAltered e) {
            return kind + " " + e.after();
        } else if (event instanceof CatalogEvent.TopicDropped e) {
            return kind + " " + e.topic();
        } else if (event instanceof CatalogEvent.GroupCreated e) {
            return kind + " " + e.topic() + " " + e.group().name() + "#"
                    + e.group().id();
        } else if (event instanceof CatalogEvent.GroupAltered e) {
            return kind + " " + e.topic() + " " + e.after().name() + "#"
                    + e.after().id();
        } else if (event instanceof CatalogEvent.GroupDropped e) {
            return kind + " " + e.topic() + " " + e.group().name() + "#"
                    + e.group().id();
        } else if (event instanceof CatalogEvent.ExchangeChanged e) {
            return kind + " " + e.exchange().name() + " " + e.exchange().bindingCount();
        } else if (event instanceof CatalogEvent.ExchangeDropped e) {
            return kind + " " + e.exchange().name() + " " + e.exchange().bindingCount();
        }
        return kind;
    }

    private static CatalogChange change(Catalog catalog, String[] words) {
        String name = words[1].equals("''") ? "" : words[1];
        Topic topic = catalog.topic(TopicName.of(name));
        return switch (words[0]) {
            case "topic", "topic?" ->
                new CatalogChange.CreateTopic(
                        TopicName.of(name),
                        uuid(name),
                        settings(TopicSettings.DEFAULT, words, 2),
                        words[0].endsWith("?"));
            case "alter" ->
                new CatalogChange.AlterTopic(
                        uuid(name), settings(topic == null ? TopicSettings.DEFAULT : topic.settings(), words, 2));
            case "drop" -> new CatalogChange.DeleteTopic(uuid(name));
            case "group", "group?" -> {
                GroupSpec spec = spec(words, 3);
                yield new CatalogChange.CreateGroup(
                        uuid(name), words[2], GroupKind.NAMED, spec.settings(), spec.from(), 7, words[0].endsWith("?"));
            }
            case "regroup" ->
                new CatalogChange.AlterGroup(
                        Integer.parseInt(name), spec(words, 2).settings());
            case "ungroup" -> new CatalogChange.DeleteGroup(Integer.parseInt(name));
            case "exchange" -> exchange(name, Objects.requireNonNull(ExchangeType.of(words[2])));
            case "unexchange" -> new CatalogChange.DeleteExchange(TopicName.of(name));
            case "bind" -> bind(name, words[2], words[3], pairs(words, 4));
            default -> new CatalogChange.Unbind(TopicName.of(name), uuid(words[2]), words[3], pairs(words, 4));
        };
    }

    private static TopicSettings settings(TopicSettings base, String[] words, int from) {
        return ((Outcome.Granted<TopicSettings>) TopicSettings.parse(base, pairs(words, from))).value();
    }

    private static GroupSpec spec(String[] words, int from) {
        return ((Outcome.Granted<GroupSpec>) GroupSpec.parse(GroupSpec.DEFAULT, pairs(words, from))).value();
    }

    private static Map<String, String> pairs(String[] words, int from) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Arrays.stream(words).skip(from).map(word -> word.split("=")).forEach(pair -> pairs.put(pair[0], pair[1]));
        return pairs;
    }

    @Test
    void shouldFindWhatItHoldsByEveryName() {
        // Given
        TopicSettings settings = settings(TopicSettings.DEFAULT, new String[] {"partitions=3"}, 0);
        Catalog before = apply(Catalog.empty(4), createTopic("first"));

        // When
        Catalog catalog =
                apply(before, new CatalogChange.CreateTopic(TopicName.of("orders"), uuid("orders"), settings, false));
        catalog = apply(
                catalog,
                new CatalogChange.CreateGroup(
                        uuid("orders"), "g", GroupKind.PRIVATE, GroupSettings.DEFAULT, StartPosition.last(), 5, false));

        // Then
        Topic topic = Objects.requireNonNull(catalog.topic(TopicName.of("orders")));
        assertThat(catalog.topic(2)).isSameAs(topic);
        assertThat(catalog.topic(uuid("orders"))).isSameAs(topic);
        assertThat(topic.partitions()).extracting(Partition::id).containsExactly(2, 3, 4);
        assertThat(catalog.partition(3)).isSameAs(topic.partition(1));
        assertThat(topic.partitions()).extracting(Partition::shard).doesNotHaveDuplicates();
        assertThat(catalog.group(1)).isSameAs(topic.group("g"));
        assertThat(topic.groups()).containsExactly(topic.group("g"));
        assertThat(catalog.topics()).extracting(t -> t.name().name()).containsExactly("first", "orders");
        assertThat(before.topic(TopicName.of("orders"))).isNull();
    }

    @Test
    void shouldRefuseAQueueOfSeveralPartitions() {
        // Given
        TopicSettings wide = settings(TopicSettings.DEFAULT, new String[] {"partitions=2"}, 0);
        CatalogChange change = new CatalogChange.CreateTopic(TopicName.of("a"), uuid("a"), queue(wide), false);

        // When
        CatalogResult result = Catalog.empty(1).apply(change);

        // Then
        assertThat(result)
                .extracting(r -> ((CatalogResult.Refused) r).refusal())
                .isEqualTo(Refusal.of(ErrorCode.INVALID_ARGUMENT, "a queue has one partition, key=partitions value=2"));
    }

    private static TopicSettings queue(TopicSettings s) {
        return s.with(TopicSettings.KIND, TopicKind.QUEUE);
    }

    @Test
    void shouldRefuseTheUuidOfAnotherTopic() {
        // Given
        Catalog catalog = apply(Catalog.empty(1), createTopic("a"));

        // When
        CatalogResult result = catalog.apply(
                new CatalogChange.CreateTopic(TopicName.of("b"), uuid("a"), TopicSettings.DEFAULT, false));

        // Then
        assertThat(result)
                .extracting(r -> ((CatalogResult.Refused) r).refusal().code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
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
        catalog = apply(catalog, new CatalogChange.CreateExchange(elsewhere, ExchangeType.FANOUT));

        // When
        CatalogResult result = catalog.apply(new CatalogChange.Bind(elsewhere, uuid("a"), "", Map.of()));

        // Then
        assertThat(result)
                .extracting(r -> ((CatalogResult.Refused) r).refusal().detail())
                .isEqualTo("exchange and topic lie in two namespaces, exchange=other:x topic=a");
    }

    @Test
    void shouldBoundTheGroupsOfATopic() {
        // Given
        Catalog catalog = apply(Catalog.empty(1), createTopic("a"));
        for (int i = 0; i < Catalog.GROUPS_PER_TOPIC_MAX; i++) {
            catalog = apply(catalog, group("g" + i));
        }

        // When
        CatalogResult result = catalog.apply(group("one-more"));

        // Then
        assertThat(result)
                .extracting(r -> ((CatalogResult.Refused) r).refusal())
                .isEqualTo(
                        Refusal.of(ErrorCode.LIMIT_REACHED, "too many groups of the topic, now=10000 allowed=10000"));
    }

    private static CatalogChange group(String name) {
        return new CatalogChange.CreateGroup(
                uuid("a"), name, GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.next(), 0, false);
    }

    @Test
    void shouldCreateAndDropTenThousandTopicsWithinSeconds() {
        // Given
        Catalog catalog = apply(Catalog.empty(8), exchange("x", ExchangeType.DIRECT));
        long start = System.nanoTime();

        // When
        for (int i = 0; i < 10_000; i++) {
            catalog = apply(
                    catalog,
                    new CatalogChange.CreateTopic(
                            TopicName.of("topic-" + i), new UUID(i, 7), TopicSettings.DEFAULT, false));
            catalog = apply(catalog, new CatalogChange.Bind(TopicName.of("x"), new UUID(i, 7), "k" + i, Map.of()));
        }
        assertThat(Objects.requireNonNull(Changes.decoded(Changes.bytes(catalog)))
                        .topicCount())
                .isEqualTo(10_000);
        for (int i = 0; i < 10_000; i++) {
            catalog = apply(catalog, new CatalogChange.DeleteTopic(new UUID(i, 7)));
        }

        // Then
        long ms = (System.nanoTime() - start) / 1_000_000;
        assertThat(catalog.topicCount()).isZero();
        assertThat(Objects.requireNonNull(catalog.exchange(TopicName.of("x"))).bindingCount())
                .isZero();
        assertThat(ms).isLessThan(5_000);
    }
}
