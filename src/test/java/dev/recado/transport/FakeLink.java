package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One session's link to a {@link FakeBroker}. */
public final class FakeLink implements Link {

    public final SessionPort port;
    public final ArrayDeque<Runnable> later = new ArrayDeque<>();
    public final Map<Long, Runnable> unconfirmed = new HashMap<>();
    public boolean closed;
    /** Whether the peer said goodbye. */
    public boolean quit;

    public boolean parked;
    public boolean parkedRefused;
    private final FakeBroker broker;
    private final List<FakeSubscription> subscriptions = new ArrayList<>();
    private @Nullable String producer;
    private @Nullable String inboxName;
    private boolean dirty;
    private long lastTicket = -1;

    public FakeLink(FakeBroker broker, SessionPort port) {
        this.broker = broker;
        this.port = port;
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
        port.onAvailable(subscriptions.get(0), count);
    }

    public void refuse(long ticket, Refusal refusal) {
        unconfirmed.remove(ticket);
        port.onRefused(ticket, 1, refusal);
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
        byte[] message = FakeBroker.message(draft);
        draft.giveBackLoan();
        int partition = partition(topic, draft);
        outcome(ticket, () -> port.onConfirmed(ticket, 1, partition, broker.store(topic, partition, message)));
        return null;
    }

    private static int partition(Topic topic, Draft draft) {
        int hash = 0;
        for (int i = 0; i < draft.keyLength; i++) {
            hash = hash * 31 + draft.keyBytes[draft.keyStart + i];
        }
        return Math.floorMod(hash, topic.partitionCount());
    }

    @Override
    public @Nullable Refusal publishNumbered(Topic topic, Draft draft, long ticket, String id, long sequence) {
        byte[] message = FakeBroker.message(draft);
        draft.giveBackLoan();
        outcome(ticket, () -> {
            Map<Long, Long> known = broker.producers.computeIfAbsent(id, unused -> new HashMap<>());
            Long offset = known.get(sequence);
            if (offset == null) {
                offset = broker.store(topic, 0, message);
                known.put(sequence, offset);
            }
            port.onConfirmed(ticket, 1, 0, offset);
        });
        return null;
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, String key, Draft draft, long ticket, @Nullable String id, long sequence) {
        ExchangeDef found = broker.catalog.exchange(TopicName.of(exchange));
        if (found == null) {
            draft.giveBackLoan();
            return Refusal.of(ErrorCode.EXCHANGE_NOT_FOUND, exchange);
        }
        byte[] message = FakeBroker.message(draft);
        draft.giveBackLoan();
        outcome(ticket, () -> {
            Set<Integer> topics = new LinkedHashSet<>();
            for (Binding binding : found.bindings()) {
                if (binding.key().equals(key) || found.type().wireName().equals("fanout")) {
                    topics.add(binding.topicId());
                }
            }
            topics.forEach(topicId -> broker.store(Objects.requireNonNull(broker.catalog.topic(topicId)), 0, message));
            port.onRouted(ticket, topics.size());
        });
        return null;
    }

    @Override
    public @Nullable Refusal request(Topic topic, Draft draft, long ticket, long correlation) {
        ByteWriter headers = new ByteWriter(32);
        Headers.put(headers, Headers.REPLY_TO, inboxAddress(correlation));
        draft.headers(headers.array(), 0, headers.size());
        return publish(topic, draft, ticket);
    }

    @Override
    public void watchInterest(Topic topic) {
        later.add(() -> port.onInterest(topic.name().name(), new byte[0], true));
    }

    @Override
    public Future<Void> nameInbox(String name, boolean takeOver) {
        FakeLink holder = broker.inboxes.get(name);
        if (holder != null && holder != this) {
            if (!takeOver) {
                return failed(ErrorCode.NAME_IN_USE, "inbox=" + name);
            }
            holder.port.onClosedByBroker(Refusal.fatal(ErrorCode.SESSION_REPLACED, "inbox=" + name));
        }
        broker.inboxes.put(name, this);
        inboxName = name;
        return Future.succeededFuture();
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
        String[] parts = replyTo.split("/");
        FakeLink asker = parts.length == 4 ? asker(parts[1], parts[2]) : null;
        MessageView view = new MessageView();
        if (asker == null || asker.closed) {
            broker.repliesDropped++;
        } else if (view.read(FakeBroker.message(draft), 0)) {
            asker.port.onReply(Long.parseLong(parts[3]), view);
        }
    }

    private @Nullable FakeLink asker(String loop, String token) {
        if (!loop.equals("-1")) {
            return broker.links.get(Integer.parseInt(token));
        }
        return broker.inboxes.entrySet().stream()
                .filter(named -> FakeBroker.token(named.getKey()).equals(token))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Future<Long> producer(String id, long nextSequence) {
        for (FakeLink other : broker.links) {
            if (other != this && id.equals(other.producer)) {
                other.producer = null;
                other.port.onClosedByBroker(Refusal.fatal(ErrorCode.SESSION_REPLACED, "producer=" + id));
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
    public Future<Subscription> subscribe(SubscribeSpec spec) {
        Topic topic = broker.catalog.topic(TopicName.of(spec.topic()));
        FakeSubscription made;
        if (spec.kind() == SubscribeSpec.Kind.PATTERN) {
            made = new FakeSubscription(this, spec, new FakeGroup("pattern"), 1, "");
            made.group.members.add(made);
            broker.patterns.add(made);
        } else if (topic == null) {
            return failed(ErrorCode.TOPIC_NOT_FOUND, spec.topic());
        } else if (spec.kind() == SubscribeSpec.Kind.TAP) {
            made = new FakeSubscription(this, spec, new FakeGroup(""), topic.partitionCount(), "");
            broker.log(topic).taps.add(made);
        } else {
            made = join(spec, topic);
        }
        subscriptions.add(made);
        Promise<Subscription> promise = Promise.promise();
        later.add(() -> {
            promise.complete(made);
            if (spec.kind() == SubscribeSpec.Kind.PULL && !made.group.ready.isEmpty()) {
                port.onAvailable(made, made.group.ready.size());
            }
        });
        return promise.future();
    }

    private FakeSubscription join(SubscribeSpec spec, Topic topic) {
        String id = spec.consumerId() == null ? "c1" : spec.consumerId();
        String name = spec.group() != null ? spec.group() : spec.consumerId() == null ? "auto-1" : id;
        FakeGroup group = broker.log(topic).groups.computeIfAbsent(name, unused -> {
            FakeGroup fresh = new FakeGroup(name);
            for (int i = 0; i < topic.partitionCount(); i++) {
                for (StoredRun run : broker.log(topic).partitions.get(i)) {
                    if (spec.from() instanceof StartPosition.First
                            || spec.from() instanceof StartPosition.AtOffset at && run.baseOffset() >= at.offset()) {
                        fresh.ready.add(new FakeGroup.Ready(i, run, 1));
                    }
                }
            }
            return fresh;
        });
        for (FakeSubscription other : List.copyOf(group.members)) {
            if (spec.consumerId() != null && other.consumerId.equals(id)) {
                other.link.port.onClosedByBroker(Refusal.fatal(ErrorCode.SESSION_REPLACED, "consumer=" + id));
                other.close();
            }
        }
        FakeSubscription made = new FakeSubscription(this, spec, group, topic.partitionCount(), id);
        group.members.add(made);
        return made;
    }

    public void tap(FakeSubscription tap, TapBatch batch) {
        later.add(() -> port.onTapped(tap, batch));
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        return broker.change(change);
    }

    /** Subscriptions to topics that are no more end. */
    void endOrphans() {
        subscriptions.removeIf(one -> {
            boolean gone = broker.catalog.topic(TopicName.of(one.spec.topic())) == null
                    && one.spec.kind() != SubscribeSpec.Kind.PATTERN;
            if (gone) {
                later.add(() -> port.onEnded(one, "topic deleted"));
            }
            return gone;
        });
    }

    @Override
    public Future<Long> purge(Topic topic) {
        FakeBroker.Log log = broker.log(topic);
        long count = log.partitions.stream().mapToLong(List::size).sum();
        log.partitions.forEach(List::clear);
        log.groups.values().forEach(group -> group.ready.clear());
        return Future.succeededFuture(count);
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        return Future.succeededFuture();
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        List<Browsed> found = new ArrayList<>();
        List<List<StoredRun>> partitions = broker.log(topic).partitions;
        for (int i = 0; i < partitions.size(); i++) {
            for (StoredRun run : partitions.get(i)) {
                if (found.size() < count
                        && (!(from instanceof StartPosition.AtOffset at) || run.baseOffset() >= at.offset())) {
                    found.add(new Browsed(i, run.baseOffset(), run, run.messagesStart()));
                }
            }
        }
        return Future.succeededFuture(found);
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        List<TopicFigures.PartitionFigures> partitions = new ArrayList<>();
        for (int i = 0; i < topic.partitionCount(); i++) {
            partitions.add(new TopicFigures.PartitionFigures(
                    i, 0, 0, broker.log(topic).partitions.get(i).size(), 0.5));
        }
        List<TopicFigures.GroupFigures> groups = new ArrayList<>();
        for (GroupDef group : topic.groups()) {
            long oldestMs = 1_700_000_000_000L;
            groups.add(new TopicFigures.GroupFigures(group, 1, 0, 0, 2, 1, 1, 0, 3, 4, 0, 0, 560, 0, oldestMs));
        }
        return Future.succeededFuture(new TopicFigures(topic, 2, 64, 2, 0, 0, partitions, groups));
    }

    @Override
    public Future<NodeFigures> figures() {
        return Future.succeededFuture(new NodeFigures(Map.of("sessions", (long) broker.links.size())));
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
        closed = true;
        broker.inboxes.values().remove(this);
        subscriptions.forEach(FakeSubscription::close);
        subscriptions.clear();
    }
}
