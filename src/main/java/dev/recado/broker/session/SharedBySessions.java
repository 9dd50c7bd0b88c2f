package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.Countdown;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.security.Users;
import dev.recado.shard.ShardLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Consumer;

/** What the sessions of all loops share; each part says on which loops it may be used. */
public final class SharedBySessions {

    private static final Refusal GONE = Refusal.fatal(
            ErrorCode.SESSION_CLOSED, "the user, password, token or key by which it came has ended: log in again");

    private final SessionNode node;
    private final List<Loop> loops;
    private final List<MessageRouter> routers;
    private final BrowseQueue browses;
    private final PatternQueues patterns;
    private final Inboxes inboxes;
    private final Interests interests;
    private final Registry registry;
    private final Parties parties;
    private final TransactionShare transactions;

    SharedBySessions(SessionNode node, List<Loop> loops) {
        this.node = node;
        this.loops = List.copyOf(loops);
        this.browses = new BrowseQueue(node.time());
        this.patterns = new PatternQueues(node, this::onPatternsChanged);
        this.interests = new Interests(node, topic -> !patterns.matching(topic).isEmpty());
        this.inboxes =
                new Inboxes(node.settings().nodeId(), this.loops, node.chance().nextLong());
        this.registry = new Registry(loops.get(0));
        this.parties = new Parties(node);
        BrokerSettings.Publishing limits = node.settings().publishing();
        long largest = Math.max(2L * limits.messageBytesMax(), Transaction.BYTES_MAX);
        transactions = new TransactionShare(Math.max(limits.mailboxBytesMax(), largest));
        node.ledger().add("transactions", transactions.bytesMax(), transactions::bytes);
        routers = loops.stream().map(loop -> new MessageRouter(node)).toList();
    }

    private void onPatternsChanged() {
        interests.onPatternsChanged();
    }

    SessionNode node() {
        return node;
    }

    List<Loop> loops() {
        return loops;
    }

    /** The one that this is called on. */
    Loop currentLoop() {
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                return loop;
            }
        }
        throw new IllegalStateException("this is for the broker's event loops");
    }

    /** Where messages that are published on a loop go. */
    public MessageRouter router(int loop) {
        return routers.get(loop);
    }

    BrowseQueue browses() {
        return browses;
    }

    PatternQueues patterns() {
        return patterns;
    }

    /** Whether some pattern subscription wants what is published to {@code topic}. Any loop. */
    public boolean isMatched(Topic topic) {
        return !patterns.matching(topic).isEmpty();
    }

    Inboxes inboxes() {
        return inboxes;
    }

    /** What is wanted of each topic. */
    public Interests interests() {
        return interests;
    }

    Registry registry() {
        return registry;
    }

    Parties parties() {
        return parties;
    }

    /** What transactions may hold. Any loop. */
    TransactionShare transactions() {
        return transactions;
    }

    /** A topic has ended: it belongs to nobody any more, and nothing is wanted of it. */
    public void onTopicDropped(Topic topic) {
        parties.onDropped(topic.uuid());
        interests.onTopicChanged(topic.name());
    }

    /** A namespace has ended: so do the sessions that work in it, behind what they have been told. */
    public void onNamespaceDropped(String name) {
        Refusal gone = Refusal.fatal(ErrorCode.NOT_FOUND, "namespace=" + Names.shown(name));
        for (Loop loop : loops) {
            loop.execute(() -> endIn(loop, name, gone));
        }
    }

    /**
     * Users have changed: sessions of all loops have the rights of now, after which {@code onDone} is called on {@code
     * asker}; behind that those end that nothing lets in any more, so that whoever asked is told of it.
     */
    public void onUsersChanged(Users users, ShardLoop asker, Runnable onDone) {
        long nowMs = node.time().wallMs();
        Countdown renewed = new Countdown(loops.size(), () -> {
            onDone.run();
            for (Loop loop : loops) {
                loop.execute(() -> each(loop, SharedBySessions::endIfGone));
            }
        });
        for (Loop loop : loops) {
            loop.execute(() -> {
                each(loop, link -> renew(link, users, nowMs));
                asker.dispatch(renewed::down);
            });
        }
    }

    /** Ends the sessions of a loop whose tokens have expired, on it. */
    void endExpired(Loop loop, Users users) {
        long nowMs = node.time().wallMs();
        each(loop, link -> {
            long untilMs = link.identity().credential().untilMs();
            if (untilMs != 0 && nowMs >= untilMs) {
                renew(link, users, nowMs);
                endIfGone(link);
            }
        });
    }

    private static void renew(OpenLink link, Users users, long nowMs) {
        SessionDoor door = link.door();
        if (door != null) {
            door.renew(users, nowMs);
        }
    }

    /** Ends a session that nothing lets in any more, on its loop. */
    static void endIfGone(OpenLink link) {
        SessionDoor door = link.door();
        if (door != null && door.isGone()) {
            link.closeByBroker(GONE);
            link.close();
        }
    }

    private static void each(Loop loop, Consumer<OpenLink> action) {
        for (OpenLink link : loop.links().values().toArray(OpenLink[]::new)) {
            action.accept(link);
        }
    }

    private static void endIn(Loop loop, String name, Refusal why) {
        each(loop, link -> {
            if (link.record().namespace().equals(name)) {
                link.closeByBroker(why);
                link.close();
            }
        });
    }

    /** Deletes a topic behind its dead letters that are on their way; completes on {@code loop}. */
    Future<Catalog> delete(Topic topic, Loop loop) {
        return new Deletion(node, loop, new Asks(node, loop), topic).start();
    }

    /** Has the catalog changed; completes on {@code loop}. */
    Future<Catalog> change(CatalogChange change, Loop loop) {
        if (change instanceof CatalogChange.DeleteTopic delete) {
            Topic ending = node.catalog().topic(delete.topic());
            if (ending != null) {
                return delete(ending, loop);
            }
        } else if (change instanceof CatalogChange.DeleteGroup delete) {
            return delete(delete, loop);
        }
        return make(change, loop);
    }

    private Future<Catalog> delete(CatalogChange.DeleteGroup change, Loop loop) {
        Catalog catalog = node.catalog();
        GroupDef group = catalog.group(change.groupId());
        Topic topic = group == null ? null : catalog.topic(group.topicId());
        if (topic == null || topic.isQueue()) {
            return make(change, loop); // which is refused
        }
        Promise<Void> behind = Promise.promise();
        Deletion.awaitLetters(loop, new Asks(node, loop), topic, change.groupId(), behind::complete);
        return behind.future().compose(done -> make(change, loop));
    }

    private Future<Catalog> make(CatalogChange change, Loop loop) {
        Promise<Catalog> done = Promise.promise();
        node.change(change, loop, (catalog, refusal) -> {
            if (refusal == null) {
                done.complete(catalog);
            } else {
                done.fail(BrokerException.of(refusal));
            }
        });
        return done.future();
    }
}
