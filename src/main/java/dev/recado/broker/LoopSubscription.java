package dev.recado.broker;

import dev.recado.base.Refusal;
import dev.recado.core.message.StoredRun;
import dev.recado.core.routing.PrefixSet;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A session's subscription, on the session's loop: sends acknowledgements to the partitions' owners (at once where they
 * are on this loop, else once a turn), and shares the session's credit among the partitions.
 *
 * <p>It also knows whether the member is silent, as the only one that every sign of life and every partition passes: an
 * owner tells it of a lease that ended, it tells the other owners, and all of them of the next sign of life. A notice
 * that a sign of life has crossed is void.
 *
 * <p>Each partition starts with an even share of the credit, at least one. One that has messages and no credit left
 * says so; then half of what the others do not use is taken from them.
 */
final class LoopSubscription implements Solitude.Seats {

    private final LoopLink link;
    private final SubscribeSpec spec;
    private final String topic;
    private final GuardedSubscription face;
    private final List<Seat> seats = new ArrayList<>();
    private final List<Tap> taps = new ArrayList<>();
    private final @Nullable TapWish wish;
    private String group = "";
    private String consumerId = "";
    private @Nullable Runnable onClose;
    private int lastPulled = -1;
    private boolean closed;
    private boolean silent;
    /** Whether something gathered for owners that they were not told yet. */
    private boolean unsent;

    private final Solitude solitude = new Solitude(this);
    /** Signs of life so far where there are several partitions; owners on other loops read it. */
    private final AtomicLong signs = new AtomicLong();
    /** Set before anybody joins; owners on other loops read it. */
    private volatile int partitionCount = 1;

    LoopSubscription(LoopLink link, SubscribeSpec spec) {
        this.link = link;
        this.spec = spec;
        this.topic = spec.topic();
        this.face = new GuardedSubscription(this);
        this.wish =
                spec.kind() == SubscribeSpec.Kind.TAP ? new TapWish(link.node().interests(), spec.filtered()) : null;
    }

    LoopLink link() {
        return link;
    }

    /** What the session holds. */
    Subscription face() {
        return face;
    }

    SubscribeSpec spec() {
        return spec;
    }

    String topic() {
        return topic;
    }

    String group() {
        return group;
    }

    void group(String name) {
        group = name;
    }

    String consumerId() {
        return consumerId;
    }

    void partitionCount(int count) {
        partitionCount = count;
    }

    void consumerId(String id) {
        consumerId = id;
    }

    int partitionCount() {
        return partitionCount;
    }

    boolean closed() {
        return closed;
    }

    /** Seats are added in the order of the partitions. */
    void seat(GroupOwner owner, int slot) {
        seats.add(new Seat(owner, slot));
    }

    void tap(Tap tap) {
        taps.add(tap);
    }

    void onClose(Runnable task) {
        onClose = task;
    }

    private @Nullable Seat seat(int partitionIndex) {
        return !closed && partitionIndex >= 0 && partitionIndex < seats.size() ? seats.get(partitionIndex) : null;
    }

    void ack(int partitionIndex, long firstOffset, long lastOffset) {
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            return;
        }
        live();
        seat.gatherAck(firstOffset, lastOffset);
        markUnsent();
    }

    private void markUnsent() {
        if (!unsent) {
            unsent = true;
            link.markUnsent(this);
        }
    }

    void written(int partitionIndex, long bytes) {
        if (partitionIndex < taps.size()) {
            taps.get(partitionIndex).onWritten(bytes, link.node().time().monotonicMs());
        }
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            return;
        }
        if (seat.isLocal(link.loop())) {
            seat.owner.onWritten(seat.slot, bytes);
        } else {
            seat.gatherWritten(bytes);
            markUnsent();
        }
    }

    /** End of the session's turn, or what must come behind it: what gathered goes out, one message per partition. */
    void flush() {
        if (unsent) {
            unsent = false;
            for (int i = 0; i < seats.size(); i++) {
                seats.get(i).flush(link.loop());
            }
        }
    }

    void ackDurably(int partitionIndex, long offset) {
        Runnable tell = () -> link.loop().dispatch(() -> {
            if (!closed) {
                link.port().onAcked(face, partitionIndex, offset);
            }
        });
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            tell.run(); // a tap: there is nothing to wait for
        } else {
            live();
            send(seat, () -> seat.owner.ackDurably(seat.slot, offset, tell));
        }
    }

    void nack(int partitionIndex, long offset, long delayMs) {
        Seat seat = seat(partitionIndex);
        if (seat != null) {
            live();
            send(seat, () -> seat.owner.nack(seat.slot, offset, delayMs));
        }
    }

    void reject(int partitionIndex, long offset, String reason) {
        Seat seat = seat(partitionIndex);
        if (seat != null) {
            live();
            send(seat, () -> seat.owner.reject(seat.slot, offset, reason));
        }
    }

    Future<Boolean> extend(int partitionIndex, long offset, long ms) {
        Promise<Boolean> done = Promise.promise();
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            done.complete(false);
        } else {
            live();
            send(seat, () -> {
                boolean held = seat.owner.extend(seat.slot, offset, ms);
                link.loop().dispatch(() -> done.complete(held));
            });
        }
        return done.future();
    }

    void addCredit(int messages) {
        live();
        int share = messages / Math.max(1, seats.size());
        for (int i = 0; i < seats.size(); i++) {
            Seat seat = seats.get(i);
            int part = share + (i < messages % seats.size() ? 1 : 0);
            send(seat, () -> {
                seat.owner.hear(seat.slot);
                seat.owner.credits().add(seat.slot, part);
            });
        }
    }

    /** The session gave a sign of life; the partition that it names hears of it by itself. */
    private void live() {
        if (seats.size() > 1) {
            signs.lazySet(signs.getPlain() + 1);
            onHeard();
        }
    }

    /** From an owner: a lease ended on its partition, after it had last heard of the member. */
    void onSilent(int partitionIndex) {
        if (partitionCount == 1) {
            return;
        }
        long signsThen = signs.get();
        whileOpen(() -> {
            if (signs.get() != signsThen) {
                Seat seat = seats.get(partitionIndex);
                send(seat, () -> seat.owner.hear(seat.slot));
                return;
            }
            silent = true;
            for (Seat seat : seats) {
                send(seat, () -> seat.owner.silence(seat.slot));
            }
        });
    }

    /** A sign of life, here or, behind a notice of silence, at an owner: every partition hears of it. */
    void onHeard() {
        whileOpen(() -> {
            if (silent) {
                silent = false;
                for (Seat seat : seats) {
                    send(seat, () -> seat.owner.hear(seat.slot));
                }
            }
        });
    }

    /** From an owner: it wants to hand this member a message alone, see {@link Solitude#want}. */
    void wantAlone(int partitionIndex, long question) {
        whileOpen(() -> solitude.want(partitionIndex, question));
    }

    void endAlone(int partitionIndex) {
        whileOpen(() -> solitude.end(partitionIndex));
    }

    private void whileOpen(Runnable task) {
        link.loop().dispatch(() -> {
            if (!closed) {
                task.run();
            }
        });
    }

    @Override
    public int count() {
        return seats.size();
    }

    @Override
    public void reserve(int partitionIndex, Runnable whenEmpty) {
        Seat seat = seats.get(partitionIndex);
        send(seat, () -> seat.owner.alone().reserve(seat.slot, () -> whileOpen(whenEmpty)));
    }

    @Override
    public void release(int partitionIndex) {
        Seat seat = seats.get(partitionIndex);
        send(seat, () -> seat.owner.alone().release(seat.slot));
    }

    @Override
    public void grant(int partitionIndex, long question) {
        Seat seat = seats.get(partitionIndex);
        send(seat, () -> seat.owner.alone().grant(seat.slot, question));
    }

    /** The partition has messages and this subscription no credit there: half of what others do not use moves over. */
    void onHungry(int partitionIndex) {
        whileOpen(() -> {
            for (int i = 0; i < seats.size(); i++) {
                if (i != partitionIndex) {
                    borrow(seats.get(i), seats.get(partitionIndex));
                }
            }
        });
    }

    private void borrow(Seat from, Seat to) {
        send(from, () -> {
            int taken = from.owner.credits().lend(from.slot);
            if (taken > 0) {
                link.loop().dispatch(() -> send(to, () -> to.owner.credits().add(to.slot, taken)));
            }
        });
    }

    void pull(long ticket) {
        live();
        link.sealAll();
        pullFrom(0, ticket);
    }

    /** Asks the seats in turn, beginning behind the one that gave last. */
    private void pullFrom(int tried, long ticket) {
        Seat seat = tried < seats.size() ? seat((lastPulled + 1 + tried) % seats.size()) : null;
        if (seat == null) {
            link.port().onPulled(ticket, null);
            return;
        }
        seat.shard().submit(() -> {
            PartitionOwner partition = seat.owner.partition();
            partition.admission().refuseParked(link);
            partition.whenCommitted(
                    partition.nextOffset(), () -> seat.owner.pull(seat.slot, batch -> pulled(tried, ticket, batch)));
        });
    }

    private void send(Seat seat, Runnable task) {
        flush();
        seat.shard().loop().dispatch(task);
    }

    /** Its taps are in place on every partition of {@code itsTopic}. */
    void beginWish(Topic itsTopic) {
        if (wish != null && !closed) {
            wish.begin(itsTopic);
        }
    }

    /** Whether a tap would leave out everything. */
    boolean wantsNothing() {
        return wish != null && wish.isNothing();
    }

    @Nullable
    Refusal want(byte[] prefix) {
        return wish == null ? null : wish.add(prefix);
    }

    boolean unwant(byte[] prefix) {
        return wish != null && wish.remove(prefix);
    }

    PrefixSet wanted() {
        return wish == null ? new PrefixSet() : wish.wanted();
    }

    private void endWish() {
        if (wish != null) {
            wish.end();
        }
    }

    /**
     * Leaves in order, in one turn of each owner with the acknowledgements of the same turn: nothing is handed out in
     * between. Done once all that the subscription has acknowledged is durable.
     */
    Future<Void> close() {
        return close(false, true);
    }

    /** Leaves, without waiting for what is durable. */
    Future<Void> close(boolean vanished) {
        return close(vanished, false);
    }

    private Future<Void> close(boolean vanished, boolean durably) {
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        endWish();
        for (Tap tap : taps) {
            tap.close();
        }
        Promise<Void> done = Promise.promise();
        Countdown countdown = new Countdown(seats.size(), done::complete);
        Runnable left = () -> link.loop().dispatch(countdown::down);
        for (Seat seat : seats) {
            send(seat, () -> {
                seat.owner.leave(seat.slot, vanished);
                if (durably) {
                    seat.owner.whenDurable(left);
                } else {
                    left.run();
                }
            });
        }
        link.forget(this);
        if (onClose != null) {
            onClose.run();
        }
        return done.future();
    }

    /** From an owner: deliveries for this subscription. */
    void deliver(DeliveryBatch batch) {
        link.loop().dispatch(() -> {
            if (!closed) {
                link.port().onDeliveries(face, batch);
            }
        });
    }

    private void pulled(int tried, long ticket, @Nullable DeliveryBatch batch) {
        link.loop().dispatch(() -> {
            if (closed) {
                return;
            }
            if (batch == null) {
                pullFrom(tried + 1, ticket);
            } else {
                lastPulled = batch.partitionIndex();
                link.port().onPulled(ticket, batch);
            }
        });
    }

    void available(long count) {
        whileOpen(() -> link.port().onAvailable(face, count));
    }

    void tapped(TapBatch batch) {
        LoopCounters counters = link.loop().counters();
        for (StoredRun run : batch.runs()) {
            counters.tapped += run.count();
        }
        link.port().onTapped(face, batch);
    }

    void onTapDropped(TapBatch batch) {
        for (StoredRun run : batch.runs()) {
            link.loop().counters().tapDropped += run.count();
        }
    }

    /** As {@link #end}, where its taps are still on their topic. */
    void endTaps(String reason) {
        for (Tap tap : taps) {
            tap.close();
        }
        end(reason);
    }

    /** The broker ends it: the topic or group is gone. */
    void end(String reason) {
        link.loop().dispatch(() -> {
            if (!closed) {
                closed = true;
                endWish();
                link.forget(this);
                for (Seat seat : seats) {
                    send(seat, () -> seat.owner.leave(seat.slot, this)); // where it was not sent away yet
                }
                link.port().onEnded(face, reason);
            }
        });
    }
}
