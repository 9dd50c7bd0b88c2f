package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.Countdown;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.ShardPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session claims for itself: a producer's id, a name of its inbox, what it watches; and its transaction. Owned
 * by its loop.
 */
final class Control {

    private static final int INBOX_NAME_CHARS_MAX = 1_024;

    private final LoopLink link;
    private final SharedBySessions sessions;
    private final SessionNode node;
    private final List<TopicName> watched = new ArrayList<>(0);
    private final Transactions transactions;
    /** The name that the session's inbox has or is about to get. */
    private @Nullable String inboxName;

    Control(LoopLink link) {
        this.link = link;
        this.sessions = link.sessions();
        this.node = link.node();
        this.transactions = new Transactions(link);
    }

    Transactions transactions() {
        return transactions;
    }

    private static BrokerException failure(ErrorCode code, String detail) {
        return BrokerException.of(Refusal.of(code, detail));
    }

    Future<Long> producer(String id, long nextSequence) {
        if (link.closed()) {
            return Future.failedFuture(failure(ErrorCode.STOPPING, "the session has ended"));
        }
        Promise<Long> done = Promise.promise();
        link.loop().sealAll();
        sessions.registry()
                .claim(
                        Registry.key("producer", link.record().namespace(), id),
                        link,
                        () -> askNumber(id, nextSequence, done),
                        refusal -> done.fail(BrokerException.of(refusal)));
        return done.future();
    }

    private void askNumber(String id, long nextSequence, Promise<Long> done) {
        long[] next = {-1};
        Countdown countdown =
                new Countdown(node.shards().size(), () -> done.complete(next[0] < 0 ? nextSequence : next[0]));
        for (ShardPort shard : node.shards()) {
            link.asks().askProducer(shard, link.record().namespace(), id, answer -> {
                next[0] = Math.max(next[0], answer instanceof PartitionAnswer.Value found ? found.value() : -1);
                countdown.down();
            });
        }
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
        Consumer<Refusal> onRefused = refusal -> {
            inboxName = null;
            done.fail(BrokerException.of(refusal));
        };
        if (takeOver) {
            sessions.registry().claim("inbox:" + name, link, onDone, onRefused);
        } else {
            sessions.registry().claimFree("inbox:" + name, link, onDone, onRefused);
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
        transactions.close();
        watched.forEach(topic -> sessions.interests().unwatch(topic, link));
        watched.clear();
        if (inboxName != null) {
            sessions.inboxes().forget(inboxName, link);
        }
    }
}
