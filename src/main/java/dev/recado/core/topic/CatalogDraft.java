package dev.recado.core.topic;

import dev.recado.base.PersistentMap;
import dev.recado.security.Users;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
    PersistentMap<Integer, TopicName> exchangeNamesById = PersistentMap.empty();
    /** All but {@code /}, each under itself. */
    PersistentMap<String, String> namespaces = PersistentMap.empty();

    Users users = Users.NONE;

    int bindingCount;
    int exchangeBindingCount;

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
        exchangeNamesById = base.exchangeNamesById;
        namespaces = base.namespaces;
        users = base.users;
        bindingCount = base.bindingCount;
        exchangeBindingCount = base.exchangeBindingCount;
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
        drop(topic);
        Deque<ExchangeDef> unbound = new ArrayDeque<>();
        for (ExchangeDef exchange : exchanges.values()) {
            unbind(exchange, topic.id(), unbound);
        }
        end(unbound);
    }

    private void drop(Topic topic) {
        topics = topics.remove(topic.id());
        topicIdsByName = topicIdsByName.remove(topic.name());
        topicIdsByUuid = topicIdsByUuid.remove(topic.uuid());
        for (Partition partition : topic.partitions()) {
            partitions = partitions.remove(partition.id());
        }
        for (GroupDef group : topic.groups()) {
            groups = groups.remove(group.id());
        }
    }

    void putNamespace(String name) {
        namespaces = namespaces.put(name, name);
    }

    /** Removes a namespace and what is in it, of which {@code theirs} are the topics. */
    void removeNamespace(String name, Collection<Topic> theirs) {
        List<ExchangeDef> ending = exchanges.values();
        ending.removeIf(exchange -> !exchange.name().namespace().equals(name));
        ending.forEach(this::drop); // no binding leads there from elsewhere
        theirs.forEach(this::drop);
        namespaces = namespaces.remove(name);
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
        count(before, -1);
        count(exchange, 1);
        exchanges = exchanges.put(exchange.name(), exchange);
        exchangeNamesById = exchangeNamesById.put(exchange.id(), exchange.name());
    }

    private void count(@Nullable ExchangeDef exchange, int sign) {
        if (exchange != null) {
            bindingCount += sign * exchange.bindingCount();
            exchangeBindingCount += sign * exchange.exchangeBindingCount();
        }
    }

    /** Removes exchanges and the bindings to them, and what ends with its last binding. */
    void removeExchanges(Collection<ExchangeDef> ending) {
        end(new ArrayDeque<>(ending));
    }

    private void end(Deque<ExchangeDef> ending) {
        Map<Integer, List<TopicName>> sources =
                ending.isEmpty() || exchangeBindingCount == 0 ? Map.of() : sourcesByExchange();
        while (!ending.isEmpty()) {
            ExchangeDef ended = ending.remove();
            if (exchangeNamesById.contains(ended.id())) {
                drop(ended);
                for (TopicName source : sources.getOrDefault(ended.id(), List.of())) {
                    ExchangeDef from = exchanges.get(source);
                    if (from != null) {
                        unbind(from, Binding.toExchange(ended.id()), ending);
                    }
                }
            }
        }
    }

    private void drop(ExchangeDef exchange) {
        count(exchanges.get(exchange.name()), -1);
        exchanges = exchanges.remove(exchange.name());
        exchangeNamesById = exchangeNamesById.remove(exchange.id());
    }

    /** Which exchanges have bindings to which. */
    private Map<Integer, List<TopicName>> sourcesByExchange() {
        Map<Integer, List<TopicName>> sources = new HashMap<>();
        for (ExchangeDef exchange : exchanges.values()) {
            exchange.forEachExchange(id ->
                    sources.computeIfAbsent(id, unused -> new ArrayList<>()).add(exchange.name()));
        }
        return sources;
    }

    /** Removes all bindings of an exchange to a target; where it ends with them it is added to {@code unbound}. */
    private void unbind(ExchangeDef exchange, int target, Deque<ExchangeDef> unbound) {
        ExchangeDef without = exchange.withoutTarget(target);
        if (without != exchange) {
            putExchange(without);
            if (without.endsUnbound()) {
                unbound.add(without);
            }
        }
    }
}
