package dev.recado.transport;

import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.routing.PrefixSet;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A place in a {@link FakeGroup}, or a tap (then the group is its own and unused). */
public final class FakeSubscription implements SubscriptionLink {

    private static final long HANDED_BYTES_MAX = 1 << 20;

    public final FakeLink link;
    public final SubscribeSpec spec;
    public final FakeGroup group;
    public final int partitions;
    public final String consumerId;
    public final TreeMap<String, FakeGroup.Ready> held = new TreeMap<>();
    private final ArrayDeque<Long> waitingPulls = new ArrayDeque<>();
    public final PrefixSet wanted = new PrefixSet();
    public int credit;
    public long handedBytes;
    public long writtenBytes;
    boolean closed;
    boolean ceased;
    private final FakeBroker broker;
    /** Of a pattern: its text in its namespace. */
    final TopicName name;

    private @Nullable Object attachment;

    public FakeSubscription(FakeLink link, SubscribeSpec spec, FakeGroup group, int partitions, String consumerId) {
        this.link = link;
        this.broker = link.broker();
        this.name = new TopicName(link.namespace(), spec.topic());
        this.spec = spec;
        this.group = group;
        this.partitions = partitions;
        this.consumerId = consumerId;
        this.credit = spec.spending() ? spec.credit() : Math.max(spec.credit(), partitions);
    }

    public static String key(int partition, long offset) {
        return String.format("%05d-%020d", partition, offset);
    }

    /** Whether its topic is no more. */
    boolean isOrphan() {
        return spec.kind() != SubscribeSpec.Kind.PATTERN && broker.catalog.topic(name) == null;
    }

    /** Of a pattern subscription, whether topics of that name are among its own. */
    boolean takes(TopicName topic) {
        String regex = spec.topic().replace(".", "\\.").replace("*", "[^.]*").replace("#", ".*");
        return name.namespace().equals(topic.namespace()) && topic.name().matches(regex);
    }

    /** Of a tap: whether it gets anything. */
    boolean isServed() {
        return !closed && (!spec.filtered() || !wanted.isEmpty());
    }

    /** Whether it may be handed a message more. */
    boolean hasRoom() {
        return !ceased && (spec.spending() ? credit > 0 : held.size() < credit);
    }

    public void hold(FakeGroup.Ready message) {
        if (spec.spending()) {
            credit--;
        }
        held.put(key(message.partition(), message.run().baseOffset()), message);
    }

    @Override
    public String topic() {
        return spec.topic();
    }

    @Override
    public String group() {
        return group.name;
    }

    @Override
    public String consumerId() {
        return consumerId;
    }

    @Override
    public int partitionCount() {
        return partitions;
    }

    @Override
    public void ack(int partitionIndex, long firstOffset, long lastOffset) {
        if (firstOffset == lastOffset) {
            heldOrIgnored(partitionIndex, firstOffset);
        }
        for (String id :
                List.copyOf(held.subMap(key(partitionIndex, firstOffset), true, key(partitionIndex, lastOffset), true)
                        .keySet())) {
            FakeGroup.Ready done = held.remove(id);
            group.settled.add("ack " + done.run().baseOffset());
        }
    }

    @Override
    public void ackDurably(int partitionIndex, long offset) {
        ack(partitionIndex, offset, offset);
        link.later.add(() -> link.tell(to -> to.deliveries().onAcked(this, partitionIndex, offset)));
    }

    private boolean heldOrIgnored(int partitionIndex, long offset) {
        boolean isHeld = held.containsKey(key(partitionIndex, offset));
        if (!isHeld && spec.kind() != SubscribeSpec.Kind.TAP) {
            broker.acksIgnored++;
        }
        return isHeld;
    }

    @Override
    public void nack(int partitionIndex, long offset, long delayMs) {
        if (heldOrIgnored(partitionIndex, offset)) {
            FakeGroup.Ready back = Objects.requireNonNull(held.remove(key(partitionIndex, offset)));
            group.settled.add("nack " + offset + " delay " + delayMs);
            group.ready.addFirst(new FakeGroup.Ready(partitionIndex, back.run(), back.attempt() + 1));
        }
    }

    @Override
    public void reject(int partitionIndex, long offset, String reason) {
        if (heldOrIgnored(partitionIndex, offset)) {
            held.remove(key(partitionIndex, offset));
            group.settled.add("reject " + offset + " " + reason);
        }
    }

    @Override
    public Future<Boolean> extend(int partitionIndex, long offset, long ms) {
        return Future.succeededFuture(held.containsKey(key(partitionIndex, offset)));
    }

    @Override
    public void addCredit(int messages) {
        credit += messages;
    }

    @Override
    public void written(int partitionIndex, long bytes) {
        writtenBytes += bytes;
        handedBytes -= bytes;
        while (handedBytes < HANDED_BYTES_MAX && !waitingPulls.isEmpty()) {
            pullNow(waitingPulls.remove());
        }
        broker.onActivity.run();
    }

    @Override
    public void pull(long ticket) {
        link.later.add(() -> {
            if (handedBytes < HANDED_BYTES_MAX) {
                pullNow(ticket);
            } else {
                waitingPulls.add(ticket);
            }
        });
    }

    private void pullNow(long ticket) {
        if (closed) {
            return;
        }
        FakeGroup.Ready next = group.ready.poll();
        DeliveryBatch batch = null;
        if (next != null) {
            hold(next);
            batch = Batches.batch(next.partition());
            Batches.add(batch, next.run(), next.attempt());
            handedBytes += batch.bytes();
        }
        link.port.pulls().onPulled(ticket, batch);
    }

    @Override
    public @Nullable Refusal want(byte[] prefix) {
        if (spec.filtered()) {
            wanted.add(prefix);
        }
        return null;
    }

    @Override
    public boolean unwant(byte[] prefix) {
        return wanted.remove(prefix);
    }

    @Override
    public PrefixSet wanted() {
        return wanted;
    }

    @Override
    public Future<Void> cease() {
        ceased = true;
        Topic topic = broker.catalog.topic(name);
        boolean isLast = topic != null
                && spec.kind() != SubscribeSpec.Kind.PULL
                && topic.settings().isAutoDelete()
                && broker.log(topic).groups.values().stream()
                        .allMatch(one -> one.members.stream().allMatch(member -> member.ceased));
        return topic != null && isLast
                ? broker.change(new CatalogChange.DeleteTopic(topic.uuid()), Identity.BROKER)
                        .mapEmpty()
                : Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        leave();
        return Future.succeededFuture();
    }

    /** As a member on one partition; what it holds of all shows on each. */
    MemberFigures figures(int partition, long session) {
        boolean pulls = spec.kind() == SubscribeSpec.Kind.PULL;
        return new MemberFigures(
                partition,
                session,
                consumerId,
                new MemberFigures.Wish(pulls, spec.priority(), spec.exclusive()),
                new MemberFigures.Load(pulls ? 0 : spec.credit(), held.size(), handedBytes),
                new MemberFigures.State(handedBytes >= HANDED_BYTES_MAX, false, ceased));
    }

    /** What is held returns to the group, and nothing is told of it any more. */
    void leave() {
        closed = true;
        group.members.remove(this);
        broker.patterns.remove(this);
        broker.logs.values().forEach(log -> log.taps.remove(this));
        held.descendingMap()
                .values()
                .forEach(back ->
                        group.ready.addFirst(new FakeGroup.Ready(back.partition(), back.run(), back.attempt() + 1)));
        held.clear();
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object newAttachment) {
        attachment = newAttachment;
    }
}
