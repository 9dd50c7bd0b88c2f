package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.Countdown;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.Figure;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionFigures;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.PartitionSums;
import dev.recado.shard.ShardCommand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The rare commands of a session, or of an administrator: each visits the owners it needs, in the order of what its
 * loop has said to them, and answers on that loop. Made for each command.
 */
final class RareCommands {

    private final SharedBySessions sessions;
    private final SessionNode node;
    private final Loop loop;
    private final Asks asks;

    /** For commands that are given on {@code loop}. */
    RareCommands(SharedBySessions sessions, Loop loop, Asks asks) {
        this.sessions = sessions;
        this.node = sessions.node();
        this.loop = loop;
        this.asks = asks;
    }

    private static BrokerException failure(ErrorCode code, String detail) {
        return BrokerException.of(Refusal.of(code, detail));
    }

    /**
     * Asks every partition of the topic, behind the publishes of the loop and their commit; {@code each} gets the
     * answers and {@code onDone} runs behind the last, both on the loop.
     */
    private <T> void ask(
            Topic topic,
            Promise<T> promise,
            PartitionCommand command,
            Consumer<PartitionAnswer> each,
            Runnable onDone) {
        loop.sealAll();
        Countdown countdown = new Countdown(topic.partitionCount(), onDone);
        for (Partition partition : topic.partitions()) {
            asks.ask(partition, command, answer -> {
                if (answer instanceof PartitionAnswer.Gone) {
                    promise.tryFail(failure(ErrorCode.TOPIC_NOT_FOUND, "topic=" + topic.name()));
                } else {
                    each.accept(answer);
                    countdown.down();
                }
            });
        }
    }

    Future<Long> purge(Topic topic) {
        return purge(topic, new PartitionCommand.Purge());
    }

    Future<Long> purgeUnheld(Topic topic) {
        return purge(topic, new PartitionCommand.PurgeUnheld());
    }

    private Future<Long> purge(Topic topic, PartitionCommand command) {
        Promise<Long> done = Promise.promise();
        long[] purged = {0};
        ask(
                topic,
                done,
                command,
                answer -> purged[0] += answer instanceof PartitionAnswer.Value count ? count.value() : 0,
                () -> done.tryComplete(purged[0]));
        return done.future();
    }

    Future<Long> delete(Topic topic, DeleteIf condition) {
        return new Deletion(node, loop, asks, topic).start(condition);
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
        return sessions.browses().browse(asks, loop, topic, from, count);
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

    void use(Topic topic) {
        if (topic.settings().expiresMs() >= 0) {
            Partition first = topic.partition(0);
            node.shard(first.shard()).tell(new ShardCommand.ToPartition(first, new PartitionCommand.Used()));
        }
    }

    Future<List<MemberFigures>> members(Topic topic, String group) {
        GroupDef def = topic.group(group);
        if (def == null) {
            return Future.failedFuture(noGroup(topic, group));
        }
        Promise<List<MemberFigures>> done = Promise.promise();
        List<MemberFigures> all = new ArrayList<>();
        ask(
                topic,
                done,
                new PartitionCommand.Members(def.id(), BrokerAdmin.MEMBERS_MAX),
                answer -> {
                    if (answer instanceof PartitionAnswer.Present present) {
                        all.addAll(present.members());
                    }
                },
                () -> {
                    if (isThere(topic, def)) {
                        all.sort(Comparator.comparingInt(MemberFigures::partition));
                        done.tryComplete(all);
                    } else {
                        done.tryFail(noGroup(topic, group));
                    }
                });
        return done.future();
    }

    Future<NodeFigures> figures() {
        return ofLoops(this::figures, all -> {
            Map<String, Figure> sum = new LinkedHashMap<>();
            all.forEach(some -> some.forEach(one -> sum.merge(one.name(), one, Figure::plus)));
            List<Figure> figures = new ArrayList<>(sum.values());
            figures.addAll(node.figures());
            return new NodeFigures(figures, node.ledger().shares());
        });
    }

    private List<Figure> figures(Loop there) {
        there.takeStock(); // for the shares of the ledger
        List<Figure> figures = new ArrayList<>(there.counters().figures(node.ignoredAcks(there)));
        figures.add(Figure.gauge(
                "sessions",
                "open connections, and the broker's own",
                there.links().size()));
        return figures;
    }

    /** The first sessions behind the one of the number {@code after}. */
    Future<List<SessionFigures>> sessions(long after, int count) {
        int most = Math.min(Math.max(count, 0), BrokerAdmin.SESSIONS_MAX);
        return ofLoops(there -> sessions(there, after, most), all -> all.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(SessionFigures::id))
                .limit(most)
                .toList());
    }

    private List<SessionFigures> sessions(Loop there, long after, int most) {
        long nowMs = node.time().monotonicMs();
        List<SessionFigures> found = new ArrayList<>();
        for (OpenLink link : there.links().values()) { // in the order of their numbers
            if (found.size() == most) {
                break;
            }
            if (link.number() > after) {
                found.add(link.figures(nowMs));
            }
        }
        return found;
    }

    /** Ends the session of that number; fails where there is none. */
    Future<Void> close(long number, Refusal why) {
        return ofLoops(there -> close(there, number, why), all -> all.contains(true))
                .compose(found -> found
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure(ErrorCode.NOT_FOUND, "session=" + number)));
    }

    private static boolean close(Loop there, long number, Refusal why) {
        for (OpenLink link : there.links().values()) {
            if (link.number() == number) {
                link.closeByBroker(why);
                link.close();
                return true;
            }
        }
        return false;
    }

    /**
     * Asks every loop, on it and in a task of its own; {@code join} makes the answer of theirs, in the order in which
     * they came.
     */
    private <T, R> Future<R> ofLoops(Function<Loop, T> question, Function<List<T>, R> join) {
        Promise<R> done = Promise.promise();
        List<T> answers = new ArrayList<>();
        List<Loop> loops = sessions.loops();
        Countdown countdown = new Countdown(loops.size(), () -> done.complete(join.apply(answers)));
        for (Loop there : loops) {
            there.execute(() -> {
                T answer = question.apply(there);
                loop.dispatch(() -> {
                    answers.add(answer);
                    countdown.down();
                });
            });
        }
        return done.future();
    }
}
