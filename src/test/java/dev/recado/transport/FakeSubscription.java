package dev.recado.transport;

import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.routing.PrefixSet;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A place in a {@link FakeGroup}, or a tap (then the group is its own and unused). */
public final class FakeSubscription implements Subscription {

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
    private @Nullable Object attachment;

    public FakeSubscription(FakeLink link, SubscribeSpec spec, FakeGroup group, int partitions, String consumerId) {
        this.link = link;
        this.spec = spec;
        this.group = group;
        this.partitions = partitions;
        this.consumerId = consumerId;
        this.credit = spec.credit();
    }

    public static String key(int partition, long offset) {
        return String.format("%05d-%020d", partition, offset);
    }

    /** Of a tap: whether it gets anything. */
    boolean isServed() {
        return !link.closed && (!spec.filtered() || !wanted.isEmpty());
    }

    public void hold(FakeGroup.Ready message) {
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
        link.later.add(() -> link.port.onAcked(this, partitionIndex, offset));
    }

    @Override
    public void nack(int partitionIndex, long offset, long delayMs) {
        FakeGroup.Ready back = held.remove(key(partitionIndex, offset));
        if (back != null) {
            group.settled.add("nack " + offset + " delay " + delayMs);
            group.ready.addFirst(new FakeGroup.Ready(partitionIndex, back.run(), back.attempt() + 1));
        }
    }

    @Override
    public void reject(int partitionIndex, long offset, String reason) {
        if (held.remove(key(partitionIndex, offset)) != null) {
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
        link.markDirty();
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
        FakeGroup.Ready next = group.ready.poll();
        DeliveryBatch batch = null;
        if (next != null) {
            hold(next);
            batch = Batches.batch(next.partition());
            Batches.add(batch, next.run(), next.attempt());
            handedBytes += batch.bytes();
        }
        link.port.onPulled(ticket, batch);
    }

    @Override
    public @Nullable Refusal want(byte[] prefix) {
        wanted.add(prefix);
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
    public Future<Void> close() {
        group.members.remove(this);
        held.descendingMap()
                .values()
                .forEach(back ->
                        group.ready.addFirst(new FakeGroup.Ready(back.partition(), back.run(), back.attempt() + 1)));
        held.clear();
        return Future.succeededFuture();
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
