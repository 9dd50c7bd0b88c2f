package dev.recado.core.topic;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.CatalogChange.AlterGroup;
import dev.recado.core.topic.CatalogChange.AlterTopic;
import dev.recado.core.topic.CatalogChange.Bind;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.core.topic.CatalogChange.CreateExchange;
import dev.recado.core.topic.CatalogChange.CreateGroup;
import dev.recado.core.topic.CatalogChange.CreateTopic;
import dev.recado.core.topic.CatalogChange.DeleteExchange;
import dev.recado.core.topic.CatalogChange.DeleteGroup;
import dev.recado.core.topic.CatalogChange.DeleteTopic;
import dev.recado.core.topic.CatalogChange.EndTransientExchanges;
import dev.recado.core.topic.CatalogChange.Target;
import dev.recado.core.topic.CatalogChange.Unbind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may change in a catalog and what comes of it. One use: it judges a change against one catalog. */
final class CatalogRules {

    private final Catalog catalog;
    private final CatalogDraft draft;

    CatalogRules(Catalog catalog) {
        this.catalog = catalog;
        draft = new CatalogDraft(catalog);
    }

    CatalogResult apply(CatalogChange change) {
        if (change instanceof CreateTopic create) {
            return createTopic(create);
        } else if (change instanceof AlterTopic alter) {
            return alterTopic(alter);
        } else if (change instanceof DeleteTopic delete) {
            return deleteTopic(delete);
        } else if (change instanceof CreateGroup create) {
            return createGroup(create);
        } else if (change instanceof AlterGroup alter) {
            return alterGroup(alter);
        } else if (change instanceof DeleteGroup delete) {
            return deleteGroup(delete);
        } else if (change instanceof CreateExchange create) {
            return createExchange(create);
        } else if (change instanceof DeleteExchange delete) {
            return deleteExchange(delete);
        } else if (change instanceof EndTransientExchanges) {
            return endTransientExchanges();
        } else if (change instanceof Bind bind) {
            return bind(bind);
        } else if (change instanceof Unbind unbind) {
            return unbind(unbind);
        } else if (change instanceof ChangeUsers users) {
            return CatalogUsers.apply(catalog, draft, users.change());
        }
        return new NamespaceRules(catalog, draft).apply(change);
    }

    private CatalogResult createTopic(CreateTopic create) {
        Topic existing = catalog.topic(create.name());
        if (existing != null) {
            String others = create.ifAbsent() ? "" : Differences.between(existing, create);
            return others.isEmpty()
                    ? unchanged()
                    : refuse(
                            ErrorCode.TOPIC_EXISTS,
                            "with other settings, topic=" + shown(create.name()) + " other=" + others);
        }
        Refusal problem = create.name().problem("topic");
        if (problem == null) {
            problem = NamespaceRules.missing(catalog, create.name());
        }
        if (problem == null) {
            problem = create.settings().problem();
        }
        if (problem == null) {
            problem = problemOfOwnGroup(create);
        }
        if (problem == null && catalog.topic(create.uuid()) != null) {
            problem = Refusal.of(ErrorCode.INVALID_ARGUMENT, "uuid is another topic's, uuid=" + create.uuid());
        }
        if (problem == null) {
            problem = roomForTopic(create.settings().partitions());
        }
        if (problem != null) {
            return new CatalogResult.Refused(problem);
        }
        Topic topic = draft.addTopic(
                draft.nextTopicId++, create.uuid(), create.name(), create.settings(), draft.nextPartitionId);
        draft.nextPartitionId += topic.partitionCount();
        if (topic.isQueue()) {
            topic = draft.putGroup(topic, queueGroup(draft.nextGroupId++, topic.id(), create.group()));
        }
        return applied(new CatalogEvent.TopicCreated(topic));
    }

    private static @Nullable Refusal problemOfOwnGroup(CreateTopic create) {
        GroupSettings group = create.group();
        if (group == null) {
            return null;
        }
        return create.settings().kind() == TopicKind.QUEUE
                ? problemOfSettings(create.settings(), group)
                : invalid("a log is made without groups, topic=" + shown(create.name()));
    }

    private static @Nullable Refusal problemOfSettings(TopicSettings topic, GroupSettings group) {
        boolean twoOrders = topic.priorities() > 0 && group.strategy() == Strategy.KEY_ORDERED;
        return twoOrders
                ? invalid("a queue with priorities goes by these, not by keys, key=strategy value="
                        + group.strategy().word())
                : problemOfDeadLetter(group);
    }

    private static GroupDef queueGroup(int id, int topicId, @Nullable GroupSettings given) {
        GroupSettings settings = given == null ? GroupSettings.DEFAULT : given;
        return new GroupDef(id, topicId, GroupDef.QUEUE, GroupKind.NAMED, settings, StartPosition.first(), 0);
    }

    private @Nullable Refusal roomForTopic(int partitions) {
        Refusal problem = CatalogBounds.full("topics", catalog.topicCount(), 1, Catalog.TOPICS_MAX);
        if (problem == null) {
            problem = CatalogBounds.full("partitions", catalog.partitionCount(), partitions, Catalog.PARTITIONS_MAX);
        }
        if (problem == null) {
            problem = CatalogBounds.full("groups", catalog.groupCount(), 1, Catalog.GROUPS_MAX);
        }
        return problem != null ? problem : CatalogBounds.exhausted("partition", draft.nextPartitionId, partitions);
    }

    private CatalogResult alterTopic(AlterTopic alter) {
        Topic topic = catalog.topic(alter.topic());
        if (topic == null) {
            return noTopic(alter.topic());
        }
        if (topic.settings().equals(alter.settings())) {
            return unchanged();
        }
        Refusal problem = topic.settings().alterationProblem(alter.settings());
        return problem != null
                ? new CatalogResult.Refused(problem)
                : applied(new CatalogEvent.TopicAltered(topic, draft.replace(topic.with(alter.settings()))));
    }

    private CatalogResult deleteTopic(DeleteTopic delete) {
        Topic topic = catalog.topic(delete.topic());
        if (topic == null) {
            return noTopic(delete.topic());
        }
        draft.removeTopic(topic);
        return applied(new CatalogEvent.TopicDropped(topic));
    }

    private CatalogResult createGroup(CreateGroup create) {
        Topic topic = catalog.topic(create.topic());
        if (topic == null) {
            return noTopic(create.topic());
        }
        GroupDef existing = topic.group(create.group());
        if (existing != null) {
            return create.ifAbsent() || isSame(existing, create)
                    ? unchanged()
                    : refuse(
                            ErrorCode.GROUP_EXISTS,
                            "with other settings, topic=" + shown(topic.name()) + " group="
                                    + Names.shown(create.group()) + " other="
                                    + Differences.between(existing, create));
        }
        Refusal problem = problemOfGroup(topic, create);
        if (problem != null) {
            return new CatalogResult.Refused(problem);
        }
        GroupDef group = new GroupDef(
                draft.nextGroupId++,
                topic.id(),
                create.group(),
                create.kind(),
                create.settings(),
                create.from(),
                create.createdMs());
        return applied(new CatalogEvent.GroupCreated(draft.putGroup(topic, group), group));
    }

    private static boolean isSame(GroupDef existing, CreateGroup create) {
        return existing.kind() == create.kind()
                && existing.settings().equals(create.settings())
                && existing.from().equals(create.from());
    }

    private @Nullable Refusal problemOfGroup(Topic topic, CreateGroup create) {
        String name = create.group();
        if (topic.isQueue()) {
            return invalid("a queue has one group, topic=" + shown(topic.name()) + " group=" + Names.shown(name)
                    + " allowed=" + GroupDef.QUEUE);
        }
        if (name.equals(GroupDef.TAP)) {
            return invalid("group name means a tap, group=" + name);
        }
        Refusal problem =
                create.kind() == GroupKind.NAMED ? Names.problem("group", name) : Names.problemOfAny("group", name);
        if (problem == null) {
            problem = problemOfDeadLetter(create.settings());
        }
        if (problem == null) {
            problem = CatalogBounds.full("groups of the topic", topic.groupCount(), 1, Catalog.GROUPS_PER_TOPIC_MAX);
        }
        if (problem == null) {
            problem = CatalogBounds.full("groups", catalog.groupCount(), 1, Catalog.GROUPS_MAX);
        }
        return problem != null ? problem : CatalogBounds.exhausted("group", draft.nextGroupId, 1);
    }

    private static @Nullable Refusal problemOfDeadLetter(GroupSettings settings) {
        String target = settings.deadLetter();
        return target == null || target.isEmpty() ? null : Names.problem("dead-letter topic", target);
    }

    private CatalogResult alterGroup(AlterGroup alter) {
        GroupDef group = catalog.group(alter.groupId());
        if (group == null) {
            return noGroup(alter.groupId());
        }
        if (group.settings().equals(alter.settings())) {
            return unchanged();
        }
        Refusal problem = problemOfSettings(topicOf(group).settings(), alter.settings());
        if (problem != null) {
            return new CatalogResult.Refused(problem);
        }
        GroupDef changed = group.with(alter.settings());
        return applied(new CatalogEvent.GroupAltered(draft.putGroup(topicOf(group), changed), group, changed));
    }

    private CatalogResult deleteGroup(DeleteGroup delete) {
        GroupDef group = catalog.group(delete.groupId());
        if (group == null) {
            return noGroup(delete.groupId());
        }
        Topic topic = topicOf(group);
        return topic.isQueue()
                ? refuse(ErrorCode.NOT_ALLOWED, "a queue keeps its group, topic=" + shown(topic.name()))
                : applied(new CatalogEvent.GroupDropped(draft.removeGroup(topic, group), group));
    }

    private Topic topicOf(GroupDef group) {
        Topic topic = catalog.topic(group.topicId());
        if (topic == null) {
            throw new AssertionError("group without topic id=" + group.id());
        }
        return topic;
    }

    private CatalogResult createExchange(CreateExchange create) {
        TopicName name = create.name();
        if (name.name().isEmpty()) {
            return defaultExchange("created");
        }
        ExchangeDef existing = catalog.exchange(name);
        if (existing != null) {
            String differences = Differences.between(existing, create);
            return create.ifAbsent() || differences.isEmpty()
                    ? unchanged()
                    : refuse(
                            ErrorCode.EXCHANGE_EXISTS,
                            "with other settings, exchange=" + shown(name) + " other=" + differences);
        }
        Refusal problem = name.problem("exchange");
        if (problem == null) {
            problem = NamespaceRules.missing(catalog, name);
        }
        if (problem == null) {
            problem = CatalogBounds.full("exchanges", catalog.exchanges.size(), 1, Catalog.EXCHANGES_MAX);
        }
        if (problem == null) {
            problem = CatalogBounds.exhausted("exchange", draft.nextExchangeId, 1);
        }
        if (problem != null) {
            return new CatalogResult.Refused(problem);
        }
        ExchangeDef exchange = ExchangeDef.create(draft.nextExchangeId++, name, create.type(), create.settings());
        draft.putExchange(exchange);
        return applied(new CatalogEvent.ExchangeChanged(exchange));
    }

    private CatalogResult deleteExchange(DeleteExchange delete) {
        if (delete.name().name().isEmpty()) {
            return defaultExchange("deleted");
        }
        ExchangeDef exchange = catalog.exchange(delete.name());
        if (exchange == null) {
            return noExchange(delete.name());
        }
        draft.removeExchanges(List.of(exchange));
        return applied(new CatalogEvent.ExchangeDropped(exchange));
    }

    private CatalogResult endTransientExchanges() {
        List<ExchangeDef> ending = catalog.exchanges.values();
        ending.removeIf(exchange -> exchange.settings().isDurable());
        if (ending.isEmpty()) {
            return unchanged();
        }
        draft.removeExchanges(ending);
        return applied(new CatalogEvent.TransientExchangesDropped(ending.size()));
    }

    private CatalogResult bind(Bind bind) {
        if (bind.exchange().name().isEmpty() || isDefaultExchange(bind.target())) {
            return defaultExchange("bound");
        }
        ExchangeDef exchange = catalog.exchange(bind.exchange());
        if (exchange == null) {
            return noExchange(bind.exchange());
        }
        Place place = placeOf(bind.target());
        if (place == null) {
            return noTarget(bind.target());
        }
        Binding binding = new Binding(place.target(), bind.key(), bind.headers());
        if (exchange.has(binding)) {
            return unchanged();
        }
        Refusal problem = problemOfBinding(exchange, place, binding);
        return problem != null ? new CatalogResult.Refused(problem) : changed(exchange.with(binding));
    }

    /** What a binding leads to as the catalog knows it. */
    private record Place(int target, TopicName name) {
        String kind() {
            return target < 0 ? "exchange" : "topic";
        }
    }

    private static boolean isDefaultExchange(Target target) {
        return target instanceof Target.ToExchange to && to.exchange().name().isEmpty();
    }

    private @Nullable Place placeOf(Target target) {
        if (target instanceof Target.ToExchange to) {
            ExchangeDef exchange = catalog.exchange(to.exchange());
            return exchange == null ? null : new Place(Binding.toExchange(exchange.id()), exchange.name());
        }
        Topic topic = target instanceof Target.ToTopic to ? catalog.topic(to.topic()) : null;
        return topic == null ? null : new Place(topic.id(), topic.name());
    }

    private static CatalogResult noTarget(Target target) {
        return target instanceof Target.ToExchange to
                ? noExchange(to.exchange())
                : noTopic(((Target.ToTopic) target).topic());
    }

    private @Nullable Refusal problemOfBinding(ExchangeDef exchange, Place place, Binding binding) {
        if (!place.name().namespace().equals(exchange.name().namespace())) {
            return invalid("exchange and " + place.kind() + " lie in two namespaces, exchange=" + shown(exchange.name())
                    + " " + place.kind() + "=" + shown(place.name()));
        }
        Refusal problem = Binding.problem(binding.key(), binding.headers());
        if (problem == null) {
            problem = CatalogBounds.full(
                    "bindings of the exchange", exchange.bindingCount(), 1, Catalog.BINDINGS_PER_EXCHANGE_MAX);
        }
        if (problem == null && binding.leadsToExchange()) {
            problem = CatalogBounds.full(
                    "bindings to exchanges", catalog.exchangeBindingCount, 1, Catalog.EXCHANGE_BINDINGS_MAX);
        }
        return problem != null
                ? problem
                : CatalogBounds.full("bindings", catalog.bindingCount, 1, Catalog.BINDINGS_MAX);
    }

    private CatalogResult unbind(Unbind unbind) {
        if (unbind.exchange().name().isEmpty() || isDefaultExchange(unbind.target())) {
            return defaultExchange("unbound");
        }
        ExchangeDef exchange = catalog.exchange(unbind.exchange());
        if (exchange == null) {
            return noExchange(unbind.exchange());
        }
        Place place = placeOf(unbind.target());
        if (place == null) {
            return noTarget(unbind.target());
        }
        Binding binding = new Binding(place.target(), unbind.key(), unbind.headers());
        if (!exchange.has(binding)) {
            return refuse(
                    ErrorCode.NOT_FOUND,
                    "no such binding, exchange=" + shown(exchange.name()) + " " + place.kind() + "="
                            + shown(place.name()) + " key=" + Names.shown(unbind.key()));
        }
        ExchangeDef without = exchange.without(binding);
        if (without.endsUnbound()) {
            draft.removeExchanges(List.of(exchange));
            return applied(new CatalogEvent.ExchangeDropped(without));
        }
        return changed(without);
    }

    private CatalogResult changed(ExchangeDef exchange) {
        draft.putExchange(exchange);
        return applied(new CatalogEvent.ExchangeChanged(exchange));
    }

    private CatalogResult applied(CatalogEvent event) {
        return new CatalogResult.Applied(draft.build(), event);
    }

    private CatalogResult unchanged() {
        return new CatalogResult.Applied(catalog, new CatalogEvent.Unchanged());
    }

    private static CatalogResult refuse(ErrorCode code, String detail) {
        return new CatalogResult.Refused(Refusal.of(code, detail));
    }

    private static Refusal invalid(String detail) {
        return Refusal.of(ErrorCode.INVALID_ARGUMENT, detail);
    }

    private static CatalogResult noTopic(Object uuid) {
        return refuse(ErrorCode.TOPIC_NOT_FOUND, "uuid=" + uuid);
    }

    private static CatalogResult noGroup(int id) {
        return refuse(ErrorCode.GROUP_NOT_FOUND, "id=" + id);
    }

    private static CatalogResult noExchange(TopicName name) {
        return refuse(ErrorCode.EXCHANGE_NOT_FOUND, shown(name));
    }

    private static CatalogResult defaultExchange(String verb) {
        return refuse(ErrorCode.NOT_ALLOWED, "the default exchange cannot be " + verb + ": it routes by topic name");
    }

    private static String shown(TopicName name) {
        return Names.shown(name.toString());
    }
}
