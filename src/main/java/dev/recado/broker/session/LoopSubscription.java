package dev.recado.broker.session;

import dev.recado.base.Countdown;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.shard.MemberCommand;
import dev.recado.shard.MemberHolder;
import dev.recado.shard.MemberId;
import dev.recado.shard.MemberPort;
import dev.recado.shard.MemberTraits;
import dev.recado.shard.ShardPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session's subscription, on the session's loop: sends acknowledgements to the partitions' owners, once a turn, and
 * shares the session's credit among the partitions: each starts with an even share, at least one; one that has messages
 * and no credit left says so, and then half of what the others do not use is taken from them.
 */
final class LoopSubscription implements MemberPort, LinkSubscriptions.One {

    private final LoopLink link;
    private final SubscribeSpec spec;
    private final GuardedSubscription face;
    private final List<Seat> seats = new ArrayList<>();
    private final SubscribedTaps taps;
    private String group = "";
    private Runnable onClose = () -> {};
    private boolean closed;
    /** Whether the session knows it. */
    private boolean begun;
    /** Whether something gathered for owners that they were not told yet. */
    private boolean unsent;

    private final Solitude solitude = new Solitude(new SeatsAlone(seats, this::send));
    private final Extensions extensions = new Extensions();
    private final Pulls pulls = new Pulls(seats);
    private @Nullable Ceasing ceasing;
    private @Nullable Countdown leaving;
    private @Nullable Joining joining;
    private final LifeSigns signs = new LifeSigns(seats, this::send);
    /** This and the holder are set before anybody joins; owners on other loops read them. */
    private volatile int partitionCount = 1;

    private volatile MemberHolder holder;

    LoopSubscription(LoopLink link, SubscribeSpec spec) {
        this.link = link;
        this.spec = spec;
        this.face = new GuardedSubscription(this);
        this.holder = new MemberHolder(link.number(), "");
        this.taps = new SubscribedTaps(link, face, spec, this::end);
    }

    LoopLink link() {
        return link;
    }

    /** What the session holds. */
    SubscriptionLink face() {
        return face;
    }

    @Override
    public SubscribeSpec spec() {
        return spec;
    }

    String group() {
        return group;
    }

    void group(String name) {
        group = name;
    }

    String consumerId() {
        return holder.consumer();
    }

    void partitionCount(int count) {
        partitionCount = count;
    }

    void consumerId(String id) {
        holder = new MemberHolder(link.number(), id);
    }

    int partitionCount() {
        return partitionCount;
    }

    boolean closed() {
        return closed;
    }

    /** The session knows it from now on. */
    void begin() {
        begun = true;
    }

    /** Seats are added in the order of the partitions; one that comes too late is left at once. */
    void seat(ShardPort shard, MemberId id) {
        Seat seat = new Seat(shard, id, this);
        seats.add(seat);
        if (closed) {
            seat.leave(false, false);
        }
    }

    @Override
    public MemberHolder holder() {
        return holder;
    }

    /** {@code by} is told of joining. */
    void joining(Joining by) {
        joining = by;
    }

    @Override
    public void onJoined(int partitionIndex, MemberId member) {
        link.loop().dispatch(() -> Objects.requireNonNull(joining).onJoined(partitionIndex, member));
    }

    @Override
    public void onNotJoined(Refusal why) {
        link.loop().dispatch(() -> Objects.requireNonNull(joining).fail(why));
    }

    /** What owners have to know of it. */
    MemberTraits traits() {
        return new MemberTraits(
                spec.kind() == SubscribeSpec.Kind.PULL,
                spec.spending() && !isUnbound(),
                spec.trailing(),
                partitionCount,
                spec.priority(),
                spec.exclusive());
    }

    /** What it has on the tails of partitions. */
    SubscribedTaps taps() {
        return taps;
    }

    void onClose(Runnable task) {
        onClose = task;
    }

    @Nullable
    Seat seat(int partitionIndex) {
        return !closed && partitionIndex >= 0 && partitionIndex < seats.size() ? seats.get(partitionIndex) : null;
    }

    void ack(int partitionIndex, long firstOffset, long lastOffset) {
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            return;
        }
        live();
        link.record().onAcked(seat.gatherAck(firstOffset, lastOffset));
        markUnsent();
    }

    private void markUnsent() {
        if (!unsent) {
            unsent = true;
            link.markUnsent(this);
        }
    }

    void written(int partitionIndex, long bytes) {
        taps.onWritten(partitionIndex, bytes);
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            return;
        }
        seat.gatherWritten(bytes);
        markUnsent();
    }

    @Override
    public void flush() {
        if (unsent) {
            unsent = false;
            for (int i = 0; i < seats.size(); i++) {
                seats.get(i).flush();
            }
        }
    }

    void ackDurably(int partitionIndex, long offset) {
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            onAcked(partitionIndex, offset); // a tap: there is nothing to wait for
        } else {
            live();
            link.record().onAcked(seat.settled(offset, offset));
            send(seat, new MemberCommand.AcknowledgeDurably(partitionIndex, offset));
        }
    }

    /** Told also where the subscription has left meanwhile: it asked before. */
    @Override
    public void onAcked(int partitionIndex, long offset) {
        link.loop().dispatch(() -> {
            if (!link.closed()) {
                link.port().onAcked(face, partitionIndex, offset);
            }
        });
    }

    void nack(int partitionIndex, long offset, long delayMs) {
        Seat seat = seat(partitionIndex);
        if (seat != null) {
            live();
            seat.settled(offset, offset);
            send(seat, new MemberCommand.Return(offset, delayMs));
        }
    }

    void reject(int partitionIndex, long offset, String reason) {
        Seat seat = seat(partitionIndex);
        if (seat != null) {
            live();
            seat.settled(offset, offset);
            send(seat, new MemberCommand.Reject(offset, reason));
        }
    }

    Future<Boolean> extend(int partitionIndex, long offset, long ms) {
        Seat seat = seat(partitionIndex);
        if (seat == null) {
            return Future.succeededFuture(false);
        }
        live();
        Promise<Boolean> held = Promise.promise();
        send(seat, new MemberCommand.Extend(offset, ms, extensions.ask(held)));
        return held.future();
    }

    @Override
    public void onExtended(long ticket, boolean held) {
        link.loop().dispatch(() -> extensions.onAnswer(ticket, held));
    }

    void addCredit(int messages) {
        live();
        if (ceasing != null) {
            return;
        }
        int share = messages / Math.max(1, seats.size());
        for (int i = 0; i < seats.size(); i++) {
            Seat seat = seats.get(i);
            int part = isUnbound() ? messages : share + (i < messages % seats.size() ? 1 : 0);
            send(seat, new MemberCommand.Credit(part, false));
        }
    }

    /** Whether it may hold any number on each partition: there is nothing to share or to lend. */
    private boolean isUnbound() {
        return spec.credit() == SubscribeSpec.ANY_CREDIT;
    }

    /** The session gave a sign of life; the partition that it names hears of it by itself. */
    void live() {
        if (seats.size() > 1) {
            signs.add();
            onHeard();
        }
    }

    @Override
    public void onSilent(int partitionIndex) {
        if (partitionCount > 1) {
            long then = signs.count();
            whileOpen(() -> signs.onSilent(partitionIndex, then));
        }
    }

    @Override
    public void onHeard() {
        whileOpen(signs::onHeard);
    }

    @Override
    public void wantAlone(int partitionIndex, long question) {
        whileOpen(() -> solitude.want(partitionIndex, question));
    }

    @Override
    public void endAlone(int partitionIndex) {
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
    public void onEmpty(int asker, long question) {
        whileOpen(() -> solitude.onEmpty(asker, question));
    }

    /** Half of what other partitions do not use moves over. */
    @Override
    public void onHungry(int partitionIndex) {
        whileOpen(() -> {
            for (int i = 0; i < seats.size(); i++) {
                if (i != partitionIndex) {
                    send(seats.get(i), new MemberCommand.Lend(partitionIndex));
                }
            }
        });
    }

    @Override
    public void onLent(int borrower, int messages) {
        link.loop().dispatch(() -> send(seats.get(borrower), new MemberCommand.Credit(messages, true)));
    }

    void pull(long ticket) {
        live();
        link.loop().sealAll();
        if (closed || ceasing != null || !pulls.begin(ticket)) {
            link.port().onPulled(ticket, null);
        }
    }

    private void send(Seat seat, MemberCommand command) {
        flush();
        seat.tell(command);
    }

    /** Done once every owner has said so, behind all that it had handed out. */
    Future<Void> cease() {
        Ceasing asked = ceasing;
        if (asked == null) {
            asked = new Ceasing(closed ? 0 : seats.size());
            ceasing = asked;
            if (!closed) {
                taps.endWish();
                taps.close();
                seats.forEach(seat -> send(seat, new MemberCommand.Cease()));
            }
        }
        return asked.future();
    }

    /** Told also where the subscription has left meanwhile: it asked before. */
    @Override
    public void onCeased() {
        link.loop().dispatch(() -> Objects.requireNonNull(ceasing).onCeased());
    }

    /**
     * Leaves in order, in one turn of each owner with the acknowledgements of the same turn: nothing is handed out in
     * between. Done once all that the subscription has acknowledged is durable.
     */
    Future<Void> close() {
        return close(false, true);
    }

    @Override
    public Future<Void> close(boolean vanished) {
        return close(vanished, false);
    }

    private Future<Void> close(boolean vanished, boolean durably) {
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        taps.close();
        Promise<Void> done = Promise.promise();
        leaving = new Countdown(seats.size(), done::complete);
        seats.forEach(seat -> seat.leave(vanished, durably));
        link.subscriptions().remove(this);
        onClose.run();
        return done.future();
    }

    @Override
    public void onLeft() {
        link.loop().dispatch(() -> {
            if (leaving != null) {
                leaving.down();
            }
        });
    }

    @Override
    public void deliver(DeliveryBatch batch) {
        whileOpen(() -> {
            seats.get(batch.partitionIndex()).onHanded(batch.size(), batch.offset(0));
            link.port().onDeliveries(face, batch);
        });
    }

    @Override
    public void onPulled(long ticket, @Nullable DeliveryBatch batch) {
        whileOpen(() -> {
            if (!pulls.goesOn(ticket, batch)) {
                if (batch != null) {
                    seats.get(batch.partitionIndex()).onHanded(batch.size(), batch.offset(0));
                }
                link.port().onPulled(ticket, batch);
            }
        });
    }

    @Override
    public void available(long count) {
        whileOpen(() -> link.port().onAvailable(face, count));
    }

    @Override
    public void revoke(String reason) {
        taps.close();
        end(reason);
    }

    @Override
    public void end(String reason) {
        link.loop().dispatch(() -> {
            if (!closed) {
                closed = true;
                taps.endWish();
                link.subscriptions().remove(this);
                seats.forEach(seat -> seat.leave(true, false)); // where it was not sent away yet
                onClose.run();
                if (begun) { // else its session is told that it never began
                    Ceasing.tellEnd(ceasing, link, face, reason);
                }
            }
        });
    }
}
