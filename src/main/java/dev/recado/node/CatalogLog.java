package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Countdown;
import dev.recado.base.Refusal;
import dev.recado.broker.session.CatalogAnswer;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.UnsoundEntryException;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogEvent;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.shard.Asker;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardOwner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the catalog: the state machine of the shard {@code $meta}. A change is checked against the catalog with all
 * changes before it, written into the log, and visible in the node's snapshot once committed; it is answered when every
 * owner that it concerns has seen it. Owned by the loop of {@code $meta}.
 */
public final class CatalogLog {

    private static final byte[] NOTHING = {};

    private final Node node;
    private final ShardOwner meta;
    /** With all changes that are on their way. */
    private Catalog proposed;

    private int underWay;

    CatalogLog(Node node, ShardOwner meta) {
        this.node = node;
        this.meta = meta;
        this.proposed = node.catalog();
    }

    void change(CatalogChange change, ShardLoop asker, CatalogAnswer answer) {
        Asker from = new NodeAsker(said -> asker.dispatch(() ->
                answer.on(node.catalog(), said instanceof PartitionAnswer.Refused refused ? refused.why() : null)));
        node.shard(node.metaShard()).tell(new ShardCommand.ChangeCatalog(change, from, 0));
    }

    /** On the loop of {@code $meta}. */
    void onAsked(CatalogChange asked, Asker from, long ticket) {
        CatalogChange change = asked.onto(proposed);
        CatalogResult result = proposed.apply(change);
        Refusal problem = result instanceof CatalogResult.Applied fresh && !isUnchanged(fresh)
                ? NewNames.problem(change, proposed, node.settings())
                : null;
        if (problem != null) {
            refuse(problem, from, ticket);
        } else if (result instanceof CatalogResult.Refused refused) {
            refuse(refused.refusal(), from, ticket);
        } else if (result instanceof CatalogResult.Applied applied) {
            propose(change, applied, () -> from.answered(ticket, new PartitionAnswer.Done()));
        }
    }

    /** Behind the changes that are under way: whoever is refused for one of them finds it in the catalog. */
    private void refuse(Refusal why, Asker from, long ticket) {
        Runnable answer = () -> from.answered(ticket, new PartitionAnswer.Refused(why));
        if (underWay == 0) {
            answer.run();
        } else {
            meta.propose(EntryType.CATALOG, NOTHING, answer);
        }
    }

    private static boolean isUnchanged(CatalogResult.Applied applied) {
        return applied.event() instanceof CatalogEvent.Unchanged;
    }

    private void propose(CatalogChange change, CatalogResult.Applied applied, Runnable onDone) {
        proposed = applied.catalog();
        underWay++;
        ByteWriter body = new ByteWriter(128);
        boolean unchanged = isUnchanged(applied);
        if (!unchanged) {
            change.encode(body);
        }
        meta.propose(EntryType.CATALOG, body.toByteArray(), () -> {
            if (--underWay == 0) {
                proposed = node.catalog(); // equal, and then not held twice
            }
            if (unchanged) {
                onUnchanged(change);
                onDone.run();
            } else {
                onApplied(applied.event(), onDone);
            }
        });
    }

    /** The partitions whose owners have to see what happened. */
    static List<Partition> concerned(CatalogEvent event) {
        if (!event.dropped().isEmpty()) {
            return event.dropped().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .toList();
        }
        Topic topic = event instanceof CatalogEvent.TopicCreated ? null : topicOf(event);
        return topic == null ? List.of() : topic.partitions();
    }

    /** The one topic that came or has other settings or groups; null where it was something else. */
    private static @Nullable Topic topicOf(CatalogEvent event) {
        if (event instanceof CatalogEvent.TopicCreated created) {
            return created.topic();
        } else if (event instanceof CatalogEvent.TopicAltered altered) {
            return altered.after();
        } else if (event instanceof CatalogEvent.GroupCreated created) {
            return created.topic();
        } else if (event instanceof CatalogEvent.GroupAltered altered) {
            return altered.topic();
        } else if (event instanceof CatalogEvent.GroupDropped dropped) {
            return dropped.topic();
        }
        return null;
    }

    /**
     * Applies a {@code CATALOG} entry, whose body is a change, or nothing where somebody waited for those before it.
     * Answers what happened, or null.
     */
    static @Nullable CatalogEvent apply(Node node, ByteReader body) {
        if (body.remaining() == 0) {
            return null;
        }
        CatalogChange change = CatalogChange.decode(body);
        if (change == null) {
            throw new UnsoundEntryException("a change of the catalog that cannot be read");
        }
        if (!(node.catalog().apply(change) instanceof CatalogResult.Applied applied)) {
            return null;
        }
        node.publish(applied.catalog());
        return applied.event();
    }

    /** Who wants a topic that is there already is about to use it. */
    private void onUnchanged(CatalogChange change) {
        Topic wanted = change instanceof CatalogChange.CreateTopic create
                ? node.catalog().topic(create.name())
                : null;
        if (wanted != null) {
            new TopicEnds(node).used(wanted);
        }
    }

    private void onApplied(CatalogEvent event, Runnable onDone) {
        if (event instanceof CatalogEvent.UsersChanged changed) {
            node.sessions().shared().onUsersChanged(changed.users(), meta.loop(), onDone);
            return;
        }
        Topic changed = topicOf(event);
        if (event instanceof CatalogEvent.TopicCreated created) {
            new TopicEnds(node).used(created.topic());
        } else if (event instanceof CatalogEvent.TopicAltered altered) {
            new TopicEnds(node).used(altered.after());
        }
        for (Topic dropped : event.dropped()) {
            node.sessions().shared().onTopicDropped(dropped);
        }
        if (changed != null) {
            node.sessions().shared().interests().onTopicChanged(changed.name());
        }
        List<Partition> concerned = concerned(event);
        Countdown countdown = new Countdown(concerned.size(), () -> {
            onDone.run();
            if (event instanceof CatalogEvent.NamespaceDropped dropped) {
                // Behind the answer: who has deleted it may work in it.
                node.sessions().shared().onNamespaceDropped(dropped.name());
            }
        });
        Asker seen = new NodeAsker(done -> meta.loop().dispatch(countdown::down));
        for (Partition partition : concerned) {
            node.shard(partition.shard()).tell(new ShardCommand.TopicChanged(partition, seen, 0));
        }
    }
}
