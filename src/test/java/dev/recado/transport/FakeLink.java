package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One session's link to a {@link FakeBroker}. */
public final class FakeLink implements Link {

    public final SessionPort port;
    public final ArrayDeque<Runnable> later = new ArrayDeque<>();
    public final Map<Long, Runnable> unconfirmed = new HashMap<>();
    public SessionInfo info = SessionInfo.INTERNAL;
    private Identity identity = Identity.NOBODY;
    public boolean closed;
    /** Whether the peer said goodbye. */
    public boolean quit;

    public boolean parked;
    public boolean parkedRefused;
    private final FakeBroker broker;
    private final FakeAdmin rare;
    private final List<FakeSubscription> subscriptions = new ArrayList<>();
    private final Set<String> watched = new HashSet<>();
    private @Nullable String producer;
    private @Nullable String inboxName;
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
        boolean any = false;
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
            any = true;
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

    /** The broker ends the session, behind what it has published, for a newer one. */
    void end(String detail) {
        end(Refusal.fatal(ErrorCode.SESSION_REPLACED, detail));
    }

    void end(Refusal why) {
        work();
        tell(to -> to.onClosedByBroker(why));
        close();
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public void introduce(SessionInfo known) {
        info = known.withUser(identity.user());
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public void identify(Identity known) {
        identity = known;
        introduce(info);
    }

    int subscriptionCount() {
        return subscriptions.size();
    }

    private void outcome(long ticket, Runnable stored) {
        if (ticket != lastTicket + 1) {
            throw new AssertionError("tickets are dense: " + ticket + " after " + lastTicket);
        }
        lastTicket = ticket;
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
                tell(to -> to.publishes().onRefused(ticket, 1, noTopic(topic)));
            } else {
                outcome.run();
            }
        });
        return null;
    }

    static Refusal noTopic(Topic topic) {
        return Refusal.of(ErrorCode.TOPIC_NOT_FOUND, topic.name().name());
    }

    @Override
    public @Nullable Refusal publishNumbered(Topic topic, Draft draft, long ticket, String id, long sequence) {
        return publish(topic, draft, ticket, message -> () -> {
            Map<Long, Long> known = broker.producers.computeIfAbsent(id, unused -> new HashMap<>());
            confirm(ticket, 0, known.computeIfAbsent(sequence, unused -> broker.store(topic, 0, message)));
        });
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, String key, Draft draft, long ticket, @Nullable String id, long sequence) {
        ExchangeDef found = broker.catalog.exchange(TopicName.of(exchange));
        if (found == null && !exchange.isEmpty()) {
            draft.giveBackLoan();
            return Refusal.of(ErrorCode.EXCHANGE_NOT_FOUND, exchange);
        }
        byte[] message = FakeBroker.message(draft);
        draft.giveBackLoan();
        outcome(ticket, () -> {
            Set<Integer> topics = broker.route(found, key);
            topics.forEach(topicId -> broker.store(Objects.requireNonNull(broker.catalog.topic(topicId)), 0, message));
            tell(to -> to.publishes().onRouted(ticket, topics.size()));
        });
        return null;
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
        if (name.isEmpty() || name.length() > 1_024 || !Names.isWellFormed(name)) {
            return failed(ErrorCode.INVALID_ARGUMENT, "inbox name of " + name.length() + " characters");
        }
        if (inboxName != null && !inboxName.equals(name)) {
            return failed(ErrorCode.NOT_ALLOWED, "the session's inbox has a name already");
        }
        FakeLink holder = broker.inboxes.get(name);
        if (holder != null && holder != this) {
            if (!takeOver || !mayReplace(holder)) {
                return failed(ErrorCode.NAME_IN_USE, "inbox=" + name);
            }
            holder.end("inbox=" + name);
        }
        broker.inboxes.put(name, this);
        inboxName = name;
        return Future.succeededFuture();
    }

    boolean mayReplace(FakeLink other) {
        return other.identity.user().equals(identity.user())
                || identity.rights().isAll();
    }

    @Override
    public String inboxAddress(long correlation) {
        return inboxName == null
                ? "n1/0/" + broker.links.indexOf(this) + "/" + correlation
                : broker.inboxAddress(inboxName, correlation);
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
        FakeLink asker = broker.asker(replyTo);
        MessageView view = new MessageView();
        if (asker == null || asker.closed) {
            broker.repliesDropped++;
        } else if (view.read(FakeBroker.message(draft), 0)) {
            asker.port.replies().onReply(Long.parseLong(replyTo.substring(replyTo.lastIndexOf('/') + 1)), view);
        }
    }

    @Override
    public Future<Long> producer(String id, long nextSequence) {
        for (FakeLink other : broker.links) {
            if (other != this && id.equals(other.producer) && !mayReplace(other)) {
                return failed(ErrorCode.NAME_IN_USE, "producer=" + id);
            } else if (other != this && id.equals(other.producer)) {
                other.producer = null;
                other.end("producer=" + id);
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
        Topic topic = broker.catalog.topic(TopicName.of(spec.topic()));
        FakeSubscription made;
        if (spec.kind() == SubscribeSpec.Kind.PATTERN) {
            made = new FakeSubscription(this, spec, new FakeGroup(""), 1, "");
            made.group.members.add(made);
            broker.patterns.add(made);
        } else if (topic == null) {
            return failed(ErrorCode.TOPIC_NOT_FOUND, spec.topic());
        } else if (spec.kind() == SubscribeSpec.Kind.TAP) {
            made = new FakeSubscription(this, spec, new FakeGroup(""), topic.partitionCount(), "");
            broker.log(topic).taps.add(made);
        } else if (broker.isHeldByAnother(spec, topic, this)) {
            return failed(ErrorCode.NAME_IN_USE, "consumer=" + spec.consumerId());
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
        return broker.change(change, identity);
    }

    /** Subscriptions to topics that are no more end. */
    void endOrphans() {
        subscriptions.removeIf(one -> {
            boolean gone = broker.catalog.topic(TopicName.of(one.spec.topic())) == null
                    && one.spec.kind() != SubscribeSpec.Kind.PATTERN;
            if (gone) {
                one.leave();
                later.add(() -> tell(to -> to.deliveries().onEnded(one, "topic deleted")));
            }
            return gone;
        });
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return rare.purge(topic);
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
    public Future<NodeFigures> figures() {
        return rare.figures();
    }

    private static <T> Future<T> failed(ErrorCode code, String detail) {
        return Future.failedFuture(BrokerException.of(Refusal.of(code, detail)));
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
        if (closed) {
            return;
        }
        closed = true;
        broker.inboxes.values().remove(this);
        subscriptions.forEach(FakeSubscription::close);
        subscriptions.clear();
    }
}
