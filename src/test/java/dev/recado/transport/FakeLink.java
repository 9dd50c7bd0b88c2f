package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One session's link to a {@link FakeBroker}. */
public final class FakeLink extends FakeWho {

    public final SessionPort port;
    public final ArrayDeque<Runnable> later = new ArrayDeque<>();
    public final Map<Long, Runnable> unconfirmed = new HashMap<>();
    public boolean closed;
    public boolean quit;
    public boolean parked;
    public boolean parkedRefused;
    private final FakeBroker broker;
    private final FakeAdmin rare;
    private final List<FakeSubscription> subscriptions = new ArrayList<>();
    private final Set<String> watched = new HashSet<>();
    private @Nullable String producer;
    private boolean dirty;
    long lastTicket = -1;

    public FakeLink(FakeBroker broker, SessionPort port) {
        this.broker = broker;
        this.rare = new FakeAdmin(broker, later);
        this.port = port;
    }

    FakeBroker broker() {
        return broker;
    }

    public boolean work() {
        boolean any = !later.isEmpty();
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
        }
        return any;
    }

    public boolean endTurn() {
        boolean was = dirty;
        dirty = false;
        if (was) {
            port.onTurnEnd();
        }
        return was;
    }

    /** Confirms a publish that {@link FakeBroker#holdConfirms} held back. */
    public void confirm(long ticket) {
        unconfirmed.remove(ticket).run();
    }

    /** The first subscription is told that so many messages wait. */
    public void available(long count) {
        port.pulls().onAvailable(subscriptions.get(0), count);
    }

    public void refuse(long ticket, Refusal refusal) {
        unconfirmed.remove(ticket);
        tell(to -> to.publishes().onRefused(ticket, 1, refusal));
    }

    /** Nothing is told to a session that has ended. */
    void tell(Consumer<SessionPort> what) {
        if (!closed) {
            what.accept(port);
        }
    }

    /** The broker ends the session, behind what it has published. */
    void end(Refusal why) {
        work();
        tell(to -> to.onClosedByBroker(why));
        close();
    }

    int subscriptionCount() {
        return subscriptions.size();
    }

    boolean hasPublished() {
        return lastTicket >= 0;
    }

    private void checkDense(long ticket) {
        if (ticket != lastTicket + 1) {
            throw new AssertionError("tickets are dense: " + ticket + " after " + lastTicket);
        }
        lastTicket = ticket;
    }

    private void outcome(long ticket, Runnable stored) {
        checkDense(ticket);
        unconfirmed.put(ticket, stored);
        if (!broker.holdConfirms) {
            later.add(() -> confirm(ticket));
        }
    }

    @Override
    public Catalog catalog() {
        return broker.catalog;
    }

    @Override
    public @Nullable Refusal publish(Topic topic, Draft draft, long ticket) {
        byte[] encoded = FakeBroker.message(draft);
        int to = FakeBroker.partition(topic, draft);
        if (collects(draft, () -> broker.store(topic, to, encoded))) {
            return null;
        }
        return publish(topic, draft, ticket, message -> {
            int partition = FakeBroker.partition(topic, draft);
            return () -> confirm(ticket, partition, broker.store(topic, partition, message));
        });
    }

    private void confirm(long ticket, int partition, long offset) {
        tell(to -> to.publishes().onConfirmed(ticket, 1, partition, offset));
    }

    /** {@code stored} makes what is done with the encoded message once it is stored. */
    private @Nullable Refusal publish(Topic topic, Draft draft, long ticket, Function<byte[], Runnable> stored) {
        byte[] message = FakeBroker.message(draft);
        broker.published(draft);
        draft.giveBackLoan();
        if (closed) {
            return Refusal.of(ErrorCode.STOPPING, "the session has ended");
        }
        int limit = topic.settings().limitMessageBytes();
        if (limit > 0 && draft.bytes() > limit) {
            return Refusal.of(ErrorCode.MESSAGE_TOO_LONG, draft.bytes() + " bytes, limit " + limit);
        }
        Runnable outcome = stored.apply(message);
        outcome(ticket, () -> {
            if (broker.catalog.topic(topic.id()) == null) {
                tell(to -> to.publishes().onRefused(ticket, 1, FakeDoor.noTopic(topic)));
            } else {
                outcome.run();
            }
        });
        return null;
    }

    @Override
    public @Nullable Refusal publishNumbered(Topic topic, Draft draft, long ticket, String id, long sequence) {
        byte[] encoded = FakeBroker.message(draft);
        if (collects(draft, () -> storeOnce(topic, encoded, id, sequence))) {
            return null;
        }
        return publish(
                topic, draft, ticket, message -> () -> confirm(ticket, 0, storeOnce(topic, message, id, sequence)));
    }

    private long storeOnce(Topic topic, byte[] message, String id, long sequence) {
        Map<Long, Long> known = broker.producers.computeIfAbsent(id, unused -> new HashMap<>());
        return known.computeIfAbsent(sequence, unused -> broker.store(topic, 0, message));
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, String key, Draft draft, long ticket, @Nullable String id, long sequence) {
        return publishThrough(exchange, List.of(key), draft, ticket, id, sequence);
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, List<String> keys, Draft draft, long ticket, @Nullable String id, long sequence) {
        String namespace = namespace();
        ExchangeDef found = broker.catalog.exchange(new TopicName(namespace, exchange));
        Refusal problem = FakeRoutes.problem(exchange, found, keys);
        byte[] message = FakeBroker.message(draft);
        broker.published(draft);
        draft.giveBackLoan();
        boolean leads = problem == null && FakeRoutes.leads(broker, namespace, found, keys);
        if (leads && collects(draft, () -> FakeRoutes.store(broker, namespace, found, keys, message))) {
            return null;
        }
        if (problem == null && FakeRoutes.leads(broker, namespace, found, keys)) {
            outcome(ticket, () -> {
                FakeRoutes.Stored stored = FakeRoutes.store(broker, namespace, found, keys, message);
                if (stored.topics() == 1 && !port.publishes().countsTopics()) {
                    confirm(ticket, 0, stored.offset());
                } else {
                    tell(to -> to.publishes().onRouted(ticket, stored.topics()));
                }
            });
        } else if (problem == null) {
            if (!inTransaction()) {
                checkDense(ticket);
            }
            tell(to -> to.publishes().onRouted(ticket, 0));
        }
        return problem;
    }

    @Override
    public @Nullable Refusal request(Topic topic, Draft draft, long ticket, long correlation) {
        byte[] before = draft.headersBytes;
        int start = draft.headersStart;
        int length = draft.headersLength;
        ByteWriter headers = new ByteWriter(32);
        Headers.put(headers, Headers.REPLY_TO, inboxAddress(correlation));
        headers.put(before, start, length);
        draft.headers(headers.array(), 0, headers.size());
        Refusal refusal = publish(topic, draft, ticket);
        draft.headers(before, start, length);
        return refusal;
    }

    @Override
    public @Nullable Refusal watchInterest(Topic topic) {
        if (watched.add(topic.name().name())) {
            later.add(() -> tell(to -> to.interest().onInterest(topic.name().name(), new byte[0], true)));
        }
        return null;
    }

    @Override
    public Future<Void> nameInbox(String name, boolean takeOver) {
        return broker.inboxes.name(this, name, takeOver);
    }

    boolean mayReplace(FakeLink other) {
        return other.identity.user().equals(identity.user())
                || identity.rights().isAll();
    }

    @Override
    public String inboxAddress(long correlation) {
        return broker.inboxes.address(this, correlation);
    }

    @Override
    public boolean isAwaited(String replyTo) {
        return broker.inboxes.asker(replyTo) != null;
    }

    @Override
    public void replyDropped() {
        broker.repliesDropped++;
    }

    @Override
    public void ackIgnored() {
        broker.acksIgnored++;
    }

    @Override
    public void reply(String replyTo, Draft draft) {
        if (!broker.inboxes.reply(replyTo, draft)) {
            broker.repliesDropped++;
        }
    }

    @Override
    public Future<Long> producer(String id, long nextSequence) {
        for (FakeLink other : broker.links) {
            if (other != this && id.equals(other.producer) && !mayReplace(other)) {
                return FakeDoor.failed(ErrorCode.NAME_IN_USE, "producer=" + id);
            } else if (other != this && id.equals(other.producer)) {
                other.producer = null;
                other.end(FakeDoor.replaced("producer=" + id));
            }
        }
        producer = id;
        Map<Long, Long> known = broker.producers.get(id);
        long expected = known == null || known.isEmpty()
                ? nextSequence
                : known.keySet().stream().mapToLong(Long::longValue).max().getAsLong() + 1;
        return Future.succeededFuture(expected);
    }

    @Override
    public void refuseParked() {
        parked = false;
        parkedRefused = true;
        unconfirmed.keySet().stream()
                .sorted()
                .toList()
                .forEach(ticket -> refuse(ticket, Refusal.of(ErrorCode.TOPIC_FULL, "topic=default")));
    }

    @Override
    public boolean hasParked() {
        return parked;
    }

    @Override
    public Future<SubscriptionLink> subscribe(SubscribeSpec spec) {
        broker.asked();
        Topic topic = broker.catalog.topic(new TopicName(namespace(), spec.topic()));
        FakeSubscription made;
        if (spec.kind() == SubscribeSpec.Kind.PATTERN) {
            made = new FakeSubscription(this, spec, new FakeGroup(""), 1, "");
            made.group.members.add(made);
            broker.patterns.add(made);
        } else if (topic == null) {
            return FakeDoor.failed(ErrorCode.TOPIC_NOT_FOUND, spec.topic());
        } else if (spec.kind() == SubscribeSpec.Kind.TAP) {
            made = new FakeSubscription(this, spec, new FakeGroup(""), topic.partitionCount(), "");
            broker.log(topic).taps.add(made);
        } else if (spec.kind() == SubscribeSpec.Kind.READER && topic.settings().kind() == TopicKind.QUEUE) {
            return FakeDoor.failed(ErrorCode.INVALID_ARGUMENT, spec.topic());
        } else if (broker.isHeldByAnother(spec, topic, this) || broker.isExcluded(spec, topic)) {
            return Future.failedFuture(BrokerException.of(FakeBroker.taken(spec)));
        } else {
            made = broker.join(this, spec, topic);
        }
        subscriptions.add(made);
        Promise<SubscriptionLink> promise = Promise.promise();
        later.add(() -> {
            if (closed) {
                promise.fail(BrokerException.of(Refusal.of(ErrorCode.STOPPING, "the session has ended")));
                return;
            }
            promise.complete(made);
            if (spec.kind() == SubscribeSpec.Kind.PULL && !made.group.ready.isEmpty()) {
                port.pulls().onAvailable(made, made.group.ready.size());
            }
        });
        return promise.future();
    }

    public void tap(FakeSubscription tap, TapBatch batch) {
        later.add(() -> {
            if (!tap.closed) {
                port.deliveries().onTapped(tap, batch);
            }
        });
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        Runnable before = broker.beforeNextChange;
        broker.beforeNextChange = () -> {};
        before.run();
        broker.onChange(this, change);
        return broker.change(change, identity);
    }

    /** Subscriptions to topics that are no more end. */
    void endOrphans() {
        subscriptions.removeIf(one -> {
            boolean gone = one.isOrphan();
            if (gone) {
                one.leave();
                later.add(() -> tell(to -> to.deliveries().onEnded(one, "topic deleted")));
            }
            return gone;
        });
    }

    @Override
    public Future<Long> delete(Topic topic, DeleteIf condition) {
        return rare.delete(topic, condition, identity);
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return rare.purge(topic);
    }

    @Override
    public Future<Long> purgeUnheld(Topic topic) {
        return rare.purgeUnheld(topic);
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        return rare.resetGroup(topic, group, from);
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        return rare.browse(topic, from, count);
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        return rare.describe(topic);
    }

    @Override
    public @Nullable Refusal use(Topic topic) {
        broker.log(topic).uses++;
        return null;
    }

    @Override
    public Future<NodeFigures> figures() {
        return rare.figures();
    }

    @Override
    public void markDirty() {
        dirty = true;
        broker.onActivity.run();
    }

    @Override
    public void quit() {
        quit = true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            broker.inboxes.forget(this);
            subscriptions.forEach(FakeSubscription::close);
            subscriptions.clear();
            broker.onClosed(this);
        }
    }
}
