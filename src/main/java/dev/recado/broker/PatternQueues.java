package dev.recado.broker;

import dev.recado.base.Check;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.routing.TopicPattern;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The queues behind pattern subscriptions, which every publish on the node passes: each is a queue in memory of its
 * own, owned by its subscriber's loop, bounded, dropping its oldest. The list is one immutable array that any loop
 * reads; what matches a topic is cached until the list changes.
 */
final class PatternQueues {

    private static final Queue[] NONE = {};
    /** Queues in all cached answers; one that is not cached is looked for again. */
    private static final int CACHED_QUEUES_MAX = 250_000;

    private final Node node;
    private final AtomicInteger nextId = new AtomicInteger();
    private volatile Snapshot snapshot = new Snapshot(NONE);

    /** One pattern's queue: {@code partition} of the memory shard of a loop. */
    record Queue(TopicPattern pattern, ShardOwner shard, Partition partition) {}

    /** The queues that want a topic: an array for each loop that has any. */
    record Match(List<Queue[]> byLoop) {

        private static final Match NOBODY = new Match(List.of());

        private static Match of(List<Queue> queues) {
            Map<ShardLoop, List<Queue>> byLoop = new LinkedHashMap<>();
            for (Queue queue : queues) {
                byLoop.computeIfAbsent(queue.shard().loop(), unused -> new ArrayList<>())
                        .add(queue);
            }
            return queues.isEmpty()
                    ? NOBODY
                    : new Match(byLoop.values().stream()
                            .map(theirs -> theirs.toArray(NONE))
                            .toList());
        }

        boolean isEmpty() {
            return byLoop.isEmpty();
        }
    }

    private static final class Snapshot {
        private final Queue[] queues;
        private final ConcurrentHashMap<Integer, Match> byTopic = new ConcurrentHashMap<>();
        private final AtomicInteger cachedQueues = new AtomicInteger();

        private Snapshot(Queue[] queues) {
            this.queues = queues;
        }
    }

    PatternQueues(Node node) {
        this.node = node;
    }

    boolean any() {
        return snapshot.queues.length > 0;
    }

    Match matching(Topic topic) {
        Snapshot current = snapshot;
        if (current.queues.length == 0) {
            return Match.NOBODY;
        }
        Match known = current.byTopic.get(topic.id());
        if (known != null) {
            return known;
        }
        List<Queue> found = new ArrayList<>();
        for (Queue queue : current.queues) {
            if (queue.pattern().matches(topic.name().name())) {
                found.add(queue);
            }
        }
        Match match = Match.of(found);
        if (current.cachedQueues.addAndGet(found.size() + 1) > CACHED_QUEUES_MAX) {
            current.byTopic.clear();
            current.cachedQueues.set(found.size() + 1);
        }
        current.byTopic.put(topic.id(), match);
        return match;
    }

    /** Opens a queue behind {@code pattern} on the memory shard of the current loop; it gets what comes from now on. */
    PartitionOwner open(String pattern, ShardOwner memoryShard) {
        int id = -nextId.incrementAndGet();
        TopicSettings defaults = TopicSettings.DEFAULT;
        TopicSettings settings = new TopicSettings(
                TopicKind.QUEUE,
                Durability.MEMORY,
                1,
                defaults.retentionTimeMs(),
                defaults.retentionBytes(),
                false,
                0,
                node.settings().patternBytesMax(),
                defaults.limitMessageBytes(),
                Overflow.DROP_OLDEST,
                -1,
                0);
        Topic topic = queueTopic(new TopicName("/", "pattern." + -id), settings);
        Partition partition = new Partition(id, id, 0, 0);
        PartitionOwner owner = new PartitionOwner(memoryShard, topic, partition, 0, 0);
        for (GroupDef def : topic.groups()) {
            GroupDef named = new GroupDef(
                    def.id(), def.topicId(), pattern, def.kind(), def.settings(), def.from(), def.createdMs());
            owner.groups().put(new GroupOwner(owner, named, new PartitionGroup(def.settings(), 0)));
        }
        memoryShard.adopt(owner);
        add(new Queue(TopicPattern.of(pattern), memoryShard, partition));
        return owner;
    }

    private Topic queueTopic(TopicName name, TopicSettings settings) {
        CatalogResult made = Catalog.empty(1)
                .apply(new CatalogChange.CreateTopic(name, node.chance().uuid(), settings, false));
        Topic topic = made instanceof CatalogResult.Applied applied
                ? applied.catalog().topic(name)
                : null;
        Check.that(topic != null, "a pattern's queue cannot be made");
        return Objects.requireNonNull(topic);
    }

    /** Called on the queue's loop once its member has left. The queue ends behind its dead letters. */
    void close(PartitionOwner owner) {
        remove(owner.partition());
        GroupOwner group = owner.groups().all()[0];
        if (group.group().deadLettering() == 0) {
            end(owner);
            return;
        }
        giveUpReady(owner, group);
        group.drainDeadLetters(() -> end(owner));
    }

    private static void end(PartitionOwner owner) {
        owner.shard().discard(owner);
        owner.close("unsubscribed");
    }

    /** Nobody will be handed these: their memory is not for them to keep until the dead letters are stored. */
    private static void giveUpReady(PartitionOwner owner, GroupOwner group) {
        while (group.needs().anyReadyAgain() && group.group().dropOldest() != PartitionGroup.NONE) {}
        group.needs().dropFresh(owner.end());
        owner.markDirty();
    }

    private void add(Queue queue) {
        synchronized (this) {
            Queue[] queues = Arrays.copyOf(snapshot.queues, snapshot.queues.length + 1);
            queues[queues.length - 1] = queue;
            snapshot = new Snapshot(queues);
        }
        node.interests().onPatternsChanged();
    }

    private void remove(Partition partition) {
        synchronized (this) {
            snapshot = new Snapshot(Arrays.stream(snapshot.queues)
                    .filter(queue -> !queue.partition().equals(partition))
                    .toArray(Queue[]::new));
        }
        node.interests().onPatternsChanged();
    }
}
