package dev.recado.broker.session;

import dev.recado.base.Check;
import dev.recado.core.routing.TopicPattern;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.PatternQueue;
import dev.recado.shard.ShardLoop;
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

    private static final BoundPattern[] NONE = {};
    /** Queues in all cached answers; one that is not cached is looked for again. */
    private static final int CACHED_QUEUES_MAX = 250_000;

    private final SessionNode node;
    private final Runnable onChanged;
    private final AtomicInteger nextId = new AtomicInteger();
    private volatile Snapshot snapshot = new Snapshot(NONE);

    /** The queues that want a topic: an array for each loop that has any. */
    record Match(List<BoundPattern[]> byLoop) {

        private static final Match NOBODY = new Match(List.of());

        private static Match of(List<BoundPattern> queues) {
            Map<ShardLoop, List<BoundPattern>> byLoop = new LinkedHashMap<>();
            for (BoundPattern queue : queues) {
                byLoop.computeIfAbsent(queue.queue().loop(), unused -> new ArrayList<>())
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
        private final BoundPattern[] queues;
        private final ConcurrentHashMap<Integer, Match> byTopic = new ConcurrentHashMap<>();
        private final AtomicInteger cachedQueues = new AtomicInteger();

        private Snapshot(BoundPattern[] queues) {
            this.queues = queues;
        }
    }

    /** {@code onChanged} runs behind each change of the list. */
    PatternQueues(SessionNode node, Runnable onChanged) {
        this.node = node;
        this.onChanged = onChanged;
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
        List<BoundPattern> found = new ArrayList<>();
        for (BoundPattern queue : current.queues) {
            if (queue.wants(topic.name())) {
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

    /** Opens a queue behind {@code pattern} in a namespace, on the current loop; it gets what comes from now on. */
    PatternQueue open(String namespace, String pattern, int loop) {
        int id = -nextId.incrementAndGet();
        TopicSettings defaults = TopicSettings.DEFAULT;
        TopicSettings settings = defaults.with(TopicSettings.KIND, TopicKind.QUEUE)
                .with(TopicSettings.DURABILITY, Durability.MEMORY)
                .with(TopicSettings.LIMIT_BYTES, node.settings().taps().patternBytesMax())
                .with(TopicSettings.OVERFLOW, Overflow.DROP_OLDEST);
        Topic topic = queueTopic(TopicName.of("pattern." + -id), settings);
        PatternQueue queue = node.openQueue(loop, id, topic, pattern);
        add(new BoundPattern(namespace, TopicPattern.of(pattern), queue));
        return queue;
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

    /** Called on the queue's loop once its member has left. */
    void close(PatternQueue queue) {
        remove(queue);
        queue.close();
    }

    private void add(BoundPattern queue) {
        synchronized (this) {
            BoundPattern[] queues = Arrays.copyOf(snapshot.queues, snapshot.queues.length + 1);
            queues[queues.length - 1] = queue;
            snapshot = new Snapshot(queues);
        }
        onChanged.run();
    }

    private void remove(PatternQueue gone) {
        synchronized (this) {
            snapshot = new Snapshot(Arrays.stream(snapshot.queues)
                    .filter(queue -> queue.queue() != gone)
                    .toArray(BoundPattern[]::new));
        }
        onChanged.run();
    }
}
