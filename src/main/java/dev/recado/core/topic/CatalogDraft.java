package dev.recado.core.topic;

import dev.recado.base.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The next catalog in the making: keeps the maps in step with each other. One use, one owner; judges nothing. */
final class CatalogDraft {

    final int shards;
    long version;
    int nextTopicId = 1;
    int nextPartitionId = 1;
    int nextGroupId = 1;
    int nextExchangeId = 1;
    PersistentMap<Integer, Topic> topics = PersistentMap.empty();
    PersistentMap<TopicName, Integer> topicIdsByName = PersistentMap.empty();
    PersistentMap<UUID, Integer> topicIdsByUuid = PersistentMap.empty();
    PersistentMap<Integer, Partition> partitions = PersistentMap.empty();
    PersistentMap<Integer, GroupDef> groups = PersistentMap.empty();
    PersistentMap<TopicName, ExchangeDef> exchanges = PersistentMap.empty();
    int bindingCount;

    CatalogDraft(int shards) {
        this.shards = shards;
    }

    CatalogDraft(Catalog base) {
        shards = base.shards;
        version = base.version + 1;
        nextTopicId = base.nextIds.topic();
        nextPartitionId = base.nextIds.partition();
        nextGroupId = base.nextIds.group();
        nextExchangeId = base.nextIds.exchange();
        topics = base.topics;
        topicIdsByName = base.topicIdsByName;
        topicIdsByUuid = base.topicIdsByUuid;
        partitions = base.partitions;
        groups = base.groups;
        exchanges = base.exchanges;
        bindingCount = base.bindingCount;
    }

    Catalog build() {
        return new Catalog(this);
    }

    /** A topic whose partitions have consecutive numbers from {@code firstPartitionId}. */
    Topic addTopic(int id, UUID uuid, TopicName name, TopicSettings settings, int firstPartitionId) {
        List<Partition> made = new ArrayList<>(settings.partitions());
        for (int index = 0; index < settings.partitions(); index++) {
            Partition partition =
                    new Partition(firstPartitionId + index, id, index, Partition.shardOf(uuid, index, shards));
            partitions = partitions.put(partition.id(), partition);
            made.add(partition);
        }
        Topic topic = new Topic(id, uuid, name, settings, List.copyOf(made), PersistentMap.empty());
        topics = topics.put(id, topic);
        topicIdsByName = topicIdsByName.put(name, id);
        topicIdsByUuid = topicIdsByUuid.put(uuid, id);
        return topic;
    }

    Topic replace(Topic changed) {
        topics = topics.put(changed.id(), changed);
        return changed;
    }

    void removeTopic(Topic topic) {
        topics = topics.remove(topic.id());
        topicIdsByName = topicIdsByName.remove(topic.name());
        topicIdsByUuid = topicIdsByUuid.remove(topic.uuid());
        for (Partition partition : topic.partitions()) {
            partitions = partitions.remove(partition.id());
        }
        for (GroupDef group : topic.groups()) {
            groups = groups.remove(group.id());
        }
        for (ExchangeDef exchange : exchanges.values()) {
            ExchangeDef without = exchange.withoutTopic(topic.id());
            if (without != exchange) {
                putExchange(without);
            }
        }
    }

    /** A new group, or new settings of an old one. */
    Topic putGroup(Topic topic, GroupDef group) {
        groups = groups.put(group.id(), group);
        return replace(topic.with(group));
    }

    Topic removeGroup(Topic topic, GroupDef group) {
        groups = groups.remove(group.id());
        return replace(topic.without(group));
    }

    void putExchange(ExchangeDef exchange) {
        ExchangeDef before = exchanges.get(exchange.name());
        bindingCount += exchange.bindingCount() - (before == null ? 0 : before.bindingCount());
        exchanges = exchanges.put(exchange.name(), exchange);
    }

    void removeExchange(ExchangeDef exchange) {
        bindingCount -= exchange.bindingCount();
        exchanges = exchanges.remove(exchange.name());
    }
}
