package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.Countdown;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.NodeFigures;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.PartitionSums;
import dev.recado.shard.ShardPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rare commands of a session: each visits the owners it needs, in the session's order, and answers on its loop. */
final class Control {

    private static final int INBOX_NAME_CHARS_MAX = 1_024;

    private final LoopLink link;
    private final SharedBySessions sessions;
    private final SessionNode node;
    private final List<TopicName> watched = new ArrayList<>(0);
    /** The name that the session's inbox has or is about to get. */
    private @Nullable String inboxName;

    Control(LoopLink link) {
        this.link = link;
        this.sessions = link.sessions();
        this.node = link.node();
    }

    private static BrokerException failure(ErrorCode code, String detail) {
        return BrokerException.of(Refusal.of(code, detail));
    }

    /**
     * Asks every partition of the topic, behind the session's publishes and their commit; {@code each} gets the answers
     * and {@code onDone} runs behind the last, both on the session's loop.
     */
    private <T> void ask(
            Topic topic,
            Promise<T> promise,
            PartitionCommand command,
            Consumer<PartitionAnswer> each,
            Runnable onDone) {
        link.loop().sealAll();
        Countdown countdown = new Countdown(topic.partitionCount(), onDone);
        for (Partition partition : topic.partitions()) {
            link.asks().ask(partition, command, answer -> {
                if (answer instanceof PartitionAnswer.Gone) {
                    promise.tryFail(failure(ErrorCode.TOPIC_NOT_FOUND, "topic=" + topic.name()));
                } else {
                    each.accept(answer);
                    countdown.down();
                }
            });
        }
    }

    Future<Long> producer(String id, long nextSequence) {
        Promise<Long> done = Promise.promise();
        link.loop().sealAll();
        sessions.registry().claim("producer:" + id, link, () -> {
            long[] next = {-1};
            Countdown countdown =
                    new Countdown(node.shards().size(), () -> done.complete(next[0] < 0 ? nextSequence : next[0]));
            for (ShardPort shard : node.shards()) {
                link.asks().askProducer(shard, id, answer -> {
                    next[0] = Math.max(next[0], answer instanceof PartitionAnswer.Value found ? found.value() : -1);
                    countdown.down();
                });
            }
        });
        return done.future();
    }

    Future<Void> nameInbox(String name, boolean takeOver) {
        Refusal problem = null;
        if (link.closed()) {
            problem = Refusal.of(ErrorCode.STOPPING, "the session has ended");
        } else if (name.isEmpty() || name.length() > INBOX_NAME_CHARS_MAX || !Names.isWellFormed(name)) {
            problem = Refusal.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "inbox name of " + name.length() + " characters, allowed are 1 to " + INBOX_NAME_CHARS_MAX);
        } else if (inboxName != null && !inboxName.equals(name)) {
            problem = Refusal.of(ErrorCode.NOT_ALLOWED, "the session's inbox has a name already");
        }
        if (problem != null) {
            return Future.failedFuture(BrokerException.of(problem));
        }
        inboxName = name;
        Promise<Void> done = Promise.promise();
        Runnable onDone = () -> {
            if (link.closed()) {
                done.fail(failure(ErrorCode.STOPPING, "the session has ended"));
            } else {
                // Another call for the same name may have failed meanwhile and forgotten it.
                inboxName = name;
                sessions.inboxes().name(name, link);
                link.inbox().move(sessions.inboxes().prefix(name));
                done.complete();
            }
        };
        if (takeOver) {
            sessions.registry().claim("inbox:" + name, link, onDone);
        } else {
            sessions.registry().claimFree("inbox:" + name, link, onDone, () -> {
                inboxName = null;
                done.fail(failure(ErrorCode.NAME_IN_USE, "another session holds the inbox"));
            });
        }
        return done.future();
    }

    void watchInterest(TopicName topic) {
        if (!link.closed() && !watched.contains(topic)) {
            watched.add(topic);
            sessions.interests().watch(topic, link);
        }
    }

    /** The session ends: it watches nothing any more, and nobody holds its inbox's name until it is taken again. */
    void close() {
        watched.forEach(topic -> sessions.interests().unwatch(topic, link));
        watched.clear();
        if (inboxName != null) {
            sessions.inboxes().forget(inboxName, link);
        }
    }

    Future<Long> purge(Topic topic) {
        Promise<Long> done = Promise.promise();
        long[] purged = {0};
        ask(
                topic,
                done,
                new PartitionCommand.Purge(),
                answer -> purged[0] += answer instanceof PartitionAnswer.Value count ? count.value() : 0,
                () -> done.tryComplete(purged[0]));
        return done.future();
    }

    Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        GroupDef def = topic.group(group);
        if (def == null) {
            return Future.failedFuture(noGroup(topic, group));
        }
        if (!(from instanceof StartPosition.AtOffset at)) {
            return reset(topic, def, from);
        }
        return describe(topic).compose(figures -> {
            long end = figures.partitions().stream()
                    .mapToLong(TopicFigures.PartitionFigures::end)
                    .max()
                    .orElse(0);
            return at.offset() <= end
                    ? reset(topic, def, from)
                    : Future.failedFuture(failure(
                            ErrorCode.INVALID_ARGUMENT, "from=" + at.offset() + " is behind the end, end=" + end));
        });
    }

    private Future<Void> reset(Topic topic, GroupDef def, StartPosition from) {
        Promise<Void> done = Promise.promise();
        ask(topic, done, new PartitionCommand.Reset(def, from), answer -> {}, () -> {
            if (isThere(topic, def)) {
                done.tryComplete();
            } else {
                done.tryFail(noGroup(topic, def.name()));
            }
        });
        return done.future();
    }

    private boolean isThere(Topic topic, GroupDef group) {
        Topic now = node.catalog().topic(topic.id());
        return now != null && now.group(group.id()) != null;
    }

    private static BrokerException noGroup(Topic topic, String group) {
        return failure(ErrorCode.GROUP_NOT_FOUND, "group=" + group + " topic=" + topic.name());
    }

    Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        return sessions.browses().browse(link, topic, from, count);
    }

    Future<TopicFigures> describe(Topic topic) {
        Promise<TopicFigures> done = Promise.promise();
        Map<Integer, PartitionSums> sums = new TreeMap<>();
        ask(
                topic,
                done,
                new PartitionCommand.Describe(),
                answer -> {
                    if (answer instanceof PartitionAnswer.Figures figures) {
                        sums.put(figures.sums().partition().index(), figures.sums());
                    }
                },
                () -> done.tryComplete(PartitionSums.add(node.catalog().topic(topic.id()), topic, sums.values())));
        return done.future();
    }

    Future<NodeFigures> figures() {
        Promise<NodeFigures> done = Promise.promise();
        Map<String, Long> sum = new LinkedHashMap<>();
        List<Loop> loops = sessions.loops();
        Countdown countdown = new Countdown(loops.size(), () -> {
            node.addFigures(sum);
            done.complete(new NodeFigures(sum));
        });
        for (Loop loop : loops) {
            loop.dispatch(() -> {
                Map<String, Long> values = new LinkedHashMap<>(loop.counters().values());
                values.merge("acks_ignored", node.ignoredAcks(loop), Long::sum);
                values.put("sessions", (long) loop.links().size());
                loop.takeStock(); // for the shares of the ledger
                link.loop().dispatch(() -> {
                    values.forEach((name, value) -> sum.merge(name, value, Long::sum));
                    countdown.down();
                });
            });
        }
        return done.future();
    }
}
