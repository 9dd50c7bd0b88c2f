package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.broker.Link;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.ShardView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what sessions browse: one search at a time on the node, one partition after the other, so that what is under
 * way is 1 MiB and one message, however many sessions ask. One that takes long (its disk fails, say) keeps the others
 * waiting for a while only. A session has at most one search waiting; that of a session which is gone ends. Safe for
 * any thread.
 */
final class BrowseQueue {

    private static final int COUNT_MAX = 1_000;
    private static final long BYTES_MAX = 1024 * 1024;
    private static final long SEARCH_MS_MAX = 5_000;

    private final TimeSource time;
    private final ArrayDeque<Search> waiting = new ArrayDeque<>();
    private @Nullable Search current;
    private long currentSinceMs;

    BrowseQueue(TimeSource time) {
        this.time = time;
    }

    /** As {@link Link#browse} for who asks by {@code asks}; called and answered on the loop of these. */
    Future<List<Browsed>> browse(Asks asks, Loop loop, Topic topic, StartPosition from, int count) {
        loop.sealAll();
        Search search = new Search(asks, loop, topic, from, Math.min(Math.max(count, 0), COUNT_MAX));
        if (enter(search)) {
            search.step();
        }
        return search.done.future();
    }

    private synchronized boolean enter(Search search) {
        if (current != null) {
            waiting.add(search);
            return false;
        }
        current = search;
        currentSinceMs = time.monotonicMs();
        return true;
    }

    /** Where {@code search} is under way it no longer is: the next one has its turn, on its own loop. */
    private synchronized void leave(Search search) {
        if (current == search) {
            Search next = waiting.poll();
            current = next;
            currentSinceMs = time.monotonicMs();
            if (next != null) {
                next.loop.execute(next::step);
            }
        }
    }

    /** The session is gone: what it asked for is found for nobody. Called on its loop. */
    void forget(Asks asks) {
        List<Search> forgotten = new ArrayList<>(1);
        synchronized (this) {
            if (current != null && current.asks == asks) {
                current.gone = true;
            }
            waiting.removeIf(search -> search.asks == asks && forgotten.add(search));
        }
        forgotten.forEach(search -> search.done.tryFail(BrokerException.of(ShardView.STOPPING)));
    }

    /** Called now and then. */
    synchronized void onTick(long nowMs) {
        Search slow = current;
        if (slow != null && nowMs - currentSinceMs >= SEARCH_MS_MAX) {
            leave(slow);
        }
    }

    /** One BROWSE. Owned by its session's loop. */
    private final class Search {
        private final Asks asks;
        private final Loop loop;
        private final Topic topic;
        private final StartPosition from;
        private final int count;
        private final Promise<List<Browsed>> done = Promise.promise();
        private final List<Browsed> found = new ArrayList<>();
        private long bytes;
        private int partitionIndex;
        private boolean gone;

        private Search(Asks asks, Loop loop, Topic topic, StartPosition from, int count) {
            this.asks = asks;
            this.loop = loop;
            this.topic = topic;
            this.from = from;
            this.count = count;
        }

        /** Searches the next partition. */
        private void step() {
            if (gone || partitionIndex == topic.partitionCount() || found.size() >= count || bytes >= BYTES_MAX) {
                done.tryComplete(found);
                leave(this);
                return;
            }
            Partition partition = topic.partition(partitionIndex++);
            asks.ask(
                    partition,
                    new PartitionCommand.Browse(from, count - found.size(), BYTES_MAX - bytes),
                    this::onAnswer);
        }

        private void onAnswer(PartitionAnswer answer) {
            if (answer instanceof PartitionAnswer.Found there) {
                for (Browsed message : there.messages()) {
                    bytes += MessageLayout.length(message.run().bytes(), message.position());
                }
                found.addAll(there.messages());
                step();
            } else if (answer instanceof PartitionAnswer.Gone) {
                fail(ErrorCode.TOPIC_NOT_FOUND, "topic=" + topic.name());
            } else {
                fail(ErrorCode.DAMAGED, "topic=" + topic.name() + " run recado repair");
            }
        }

        private void fail(ErrorCode code, String detail) {
            done.tryFail(BrokerException.of(Refusal.of(code, detail)));
            leave(this);
        }
    }
}
