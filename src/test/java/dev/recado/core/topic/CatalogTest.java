package dev.recado.core.topic;

import static dev.recado.core.topic.CatalogTalk.converse;
import static dev.recado.core.topic.CatalogTalk.settings;
import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.createTopic;
import static dev.recado.core.topic.Changes.exchange;
import static dev.recado.core.topic.Changes.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatalogTest {

    @Test
    void shouldMakeAQueueWithTheSettingsOfItsGroup() {
        converse("""
                > queue jobs max-deliveries=7
                < TopicCreated jobs#1
                > queue jobs max-deliveries=7
                < Unchanged
                > queue jobs max-deliveries=8
                < TOPIC_EXISTS with other settings, topic=jobs other=max-deliveries
                > topic jobs kind=queue
                < Unchanged
                > grouped orders
                < INVALID_ARGUMENT a log is made without groups, topic=orders
                """);
    }

    @Test
    void shouldGiveTheQueuesGroupTheDefaultsOnlyWhereNobodySaysMore() {
        // Given
        TopicSettings queue = TopicSettings.DEFAULT.with(TopicSettings.KIND, TopicKind.QUEUE);
        GroupSettings seven = GroupSettings.DEFAULT.with(GroupSettings.MAX_DELIVERIES, 7);

        // When
        Catalog catalog = apply(
                Catalog.empty(8), new CatalogChange.CreateTopic(TopicName.of("plain"), uuid("plain"), queue, false));
        catalog =
                apply(catalog, new CatalogChange.CreateTopic(TopicName.of("jobs"), uuid("jobs"), queue, seven, false));

        // Then
        assertThat(settingsOfGroup(catalog, "plain")).isEqualTo(GroupSettings.DEFAULT);
        assertThat(settingsOfGroup(catalog, "jobs")).isEqualTo(seven);
    }

    private static GroupSettings settingsOfGroup(Catalog catalog, String topic) {
        Topic made = Objects.requireNonNull(catalog.topic(TopicName.of(topic)));
        return Objects.requireNonNull(made.group(GroupDef.QUEUE)).settings();
    }

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
                < INVALID_ARGUMENT a stored topic stays stored, key=durability now=fsync value=memory allowed=fsync, os
                > topic mem durability=memory
                < TopicCreated mem#3
                > alter mem durability=os
                < INVALID_ARGUMENT a topic in memory stays there, key=durability now=memory value=os allowed=memory
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
                < TopicCreated orders#4
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
