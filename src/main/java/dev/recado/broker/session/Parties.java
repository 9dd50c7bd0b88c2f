package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Party;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogChange.CreateTopic;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which exclusive topics belong to which links, on this node and in this run: others publish to them and do nothing
 * else. Any loop; changed where such a topic or a link comes or goes, under one lock.
 */
final class Parties {

    /** Links of one party that are open, and its topics. */
    private static final class Holding {
        private int links;
        private final Set<UUID> topics = new HashSet<>(2);
    }

    private final SessionNode node;
    private final Map<Party, Holding> holdings = new HashMap<>();
    private final Map<UUID, Party> owners = new ConcurrentHashMap<>();

    Parties(SessionNode node) {
        this.node = node;
    }

    synchronized void onOpened(Party party) {
        holdings.computeIfAbsent(party, unused -> new Holding()).links++;
    }

    /** A link is closed: with the last one of its party the topics of that end, unless the next start ends them. */
    void onClosed(Party party, Loop loop) {
        for (UUID topic : closed(party)) {
            if (!node.draining()) {
                end(topic, loop);
            }
        }
    }

    /** Behind its dead letters that are on their way. */
    private void end(UUID uuid, Loop loop) {
        Topic topic = node.catalog().topic(uuid);
        if (topic != null) {
            new Deletion(node, loop, new Asks(node, loop), topic).start();
        }
    }

    private synchronized Set<UUID> closed(Party party) {
        Holding holding = holdings.get(party);
        if (holding == null || --holding.links > 0) {
            return Set.of();
        }
        holdings.remove(party);
        return holding.topics;
    }

    synchronized void onDropped(UUID topic) {
        Party party = owners.remove(topic);
        Holding holding = party == null ? null : holdings.get(party);
        if (holding != null) {
            holding.topics.remove(topic);
        }
    }

    /** Why {@code party} may do nothing with a topic but publish, or null: IN_USE. */
    @Nullable
    Refusal refusal(@Nullable Topic topic, @Nullable Party party) {
        return topic == null || !topic.settings().isExclusive() || owners.get(topic.uuid()) == party && party != null
                ? null
                : Refusal.of(ErrorCode.IN_USE, "topic=" + topic.name().name() + " belongs to another connection alone");
    }

    /** The same of a change; {@code party} is null for who asks without a link. */
    @Nullable
    Refusal refusal(CatalogChange change, Catalog catalog, @Nullable Party party) {
        if (change instanceof CreateTopic create && create.settings().isExclusive() && party == null) {
            return Refusal.of(ErrorCode.NOT_ALLOWED, "an exclusive topic belongs to a connection, and none is there");
        }
        return refusal(topicOf(change, catalog), party);
    }

    /** The topic that a change is about, and that is there. */
    private static @Nullable Topic topicOf(CatalogChange change, Catalog catalog) {
        if (change instanceof CreateTopic create) {
            return catalog.topic(create.name());
        } else if (change instanceof CatalogChange.AlterTopic alter) {
            return catalog.topic(alter.topic());
        } else if (change instanceof CatalogChange.DeleteTopic delete) {
            return catalog.topic(delete.topic());
        } else if (change instanceof CatalogChange.CreateGroup create) {
            return catalog.topic(create.topic());
        } else if (change instanceof CatalogChange.AlterGroup alter) {
            return topicOf(catalog.group(alter.groupId()), catalog);
        } else if (change instanceof CatalogChange.DeleteGroup delete) {
            return topicOf(catalog.group(delete.groupId()), catalog);
        } else if (change instanceof CatalogChange.Bind bind) {
            return topicOf(bind.target(), catalog);
        } else if (change instanceof CatalogChange.Unbind unbind) {
            return topicOf(unbind.target(), catalog);
        }
        return null;
    }

    private static @Nullable Topic topicOf(@Nullable GroupDef group, Catalog catalog) {
        return group == null ? null : catalog.topic(group.topicId());
    }

    private static @Nullable Topic topicOf(CatalogChange.Target target, Catalog catalog) {
        return target instanceof CatalogChange.Target.ToTopic to ? catalog.topic(to.topic()) : null;
    }

    /** Makes {@code change}; of a new exclusive topic {@code party} is the owner before anybody can see it. */
    Future<Catalog> change(CatalogChange change, Party party, Loop loop, Supplier<Future<Catalog>> make) {
        if (!(change instanceof CreateTopic create) || !create.settings().isExclusive()) {
            return make.get();
        }
        UUID uuid = create.uuid();
        if (!claim(uuid, party)) {
            return make.get(); // the catalog refuses it: another topic has that UUID
        }
        return make.get().onComplete(done -> {
            Topic made = node.catalog().topic(uuid);
            if (made == null || !made.settings().isExclusive()) {
                onDropped(uuid);
            } else if (isGone(party)) {
                end(uuid, loop);
            }
        });
    }

    private synchronized boolean claim(UUID topic, Party party) {
        Holding holding = holdings.get(party);
        boolean free = holding != null && owners.putIfAbsent(topic, party) == null;
        if (holding != null && free) {
            holding.topics.add(topic);
        }
        return free;
    }

    private synchronized boolean isGone(Party party) {
        return !holdings.containsKey(party);
    }
}
