package dev.recado.broker.session;

import dev.recado.base.Refusal;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.routing.PrefixSet;
import dev.recado.shard.MemberCommand;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The subscription that a session holds, as {@link GuardedLink} is its link: see {@link Boundary}. */
final class GuardedSubscription implements SubscriptionLink {

    private final LoopSubscription subscription;
    private final GuardedPort port;
    private final Boundary boundary;
    private @Nullable Object attachment;

    GuardedSubscription(LoopSubscription subscription) {
        this.subscription = subscription;
        this.port = subscription.link().port();
        this.boundary = subscription.link().loop().boundary();
    }

    /** What its session collects in. */
    private @Nullable Transaction transaction() {
        return subscription.link().control().transactions().open();
    }

    @Override
    public String topic() {
        return subscription.spec().topic();
    }

    @Override
    public String group() {
        return subscription.group();
    }

    @Override
    public String consumerId() {
        return subscription.consumerId();
    }

    @Override
    public int partitionCount() {
        return subscription.partitionCount();
    }

    @Override
    public PrefixSet wanted() {
        return subscription.taps().wanted();
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object something) {
        attachment = something;
    }

    @Override
    public void ack(int partitionIndex, long firstOffset, long lastOffset) {
        int before = boundary.enter();
        Transaction open = transaction();
        if (open == null) {
            subscription.ack(partitionIndex, firstOffset, lastOffset);
        } else {
            open.ack(subscription, partitionIndex, firstOffset, lastOffset);
        }
        boundary.leave(before);
    }

    @Override
    public void ackAtOnce(int partitionIndex, long firstOffset, long lastOffset) {
        int before = boundary.enter();
        subscription.ack(partitionIndex, firstOffset, lastOffset);
        boundary.leave(before);
    }

    @Override
    public void ackDurably(int partitionIndex, long offset) {
        int before = boundary.enter();
        subscription.ackDurably(partitionIndex, offset);
        boundary.leave(before);
    }

    @Override
    public void nack(int partitionIndex, long offset, long delayMs) {
        int before = boundary.enter();
        Transaction open = transaction();
        if (open == null) {
            subscription.nack(partitionIndex, offset, delayMs);
        } else {
            open.giveBack(subscription, partitionIndex, new MemberCommand.Return(offset, delayMs));
        }
        boundary.leave(before);
    }

    @Override
    public void nackAtOnce(int partitionIndex, long offset, long delayMs) {
        int before = boundary.enter();
        subscription.nack(partitionIndex, offset, delayMs);
        boundary.leave(before);
    }

    @Override
    public void reject(int partitionIndex, long offset, String reason) {
        int before = boundary.enter();
        Transaction open = transaction();
        if (open == null) {
            subscription.reject(partitionIndex, offset, reason);
        } else {
            open.reject(subscription, partitionIndex, new MemberCommand.Reject(offset, reason));
        }
        boundary.leave(before);
    }

    @Override
    public Future<Boolean> extend(int partitionIndex, long offset, long ms) {
        int before = boundary.enter();
        Future<Boolean> held = subscription.extend(partitionIndex, offset, ms);
        boundary.leave(before);
        return port.toSession(held);
    }

    @Override
    public void addCredit(int messages) {
        int before = boundary.enter();
        subscription.addCredit(messages);
        boundary.leave(before);
    }

    @Override
    public void written(int partitionIndex, long bytes) {
        int before = boundary.enter();
        subscription.written(partitionIndex, bytes);
        boundary.leave(before);
    }

    @Override
    public void pull(long ticket) {
        int before = boundary.enter();
        subscription.pull(ticket);
        boundary.leave(before);
    }

    @Override
    public @Nullable Refusal want(byte[] prefix) {
        int before = boundary.enter();
        Refusal refusal = subscription.taps().want(prefix);
        boundary.leave(before);
        return refusal;
    }

    @Override
    public boolean unwant(byte[] prefix) {
        int before = boundary.enter();
        boolean wanted = subscription.taps().unwant(prefix);
        boundary.leave(before);
        return wanted;
    }

    @Override
    public Future<Void> cease() {
        int before = boundary.enter();
        Future<Void> ceased = subscription.cease();
        boundary.leave(before);
        return port.toSession(ceased);
    }

    @Override
    public Future<Void> close() {
        int before = boundary.enter();
        Future<Void> left = subscription.close();
        boundary.leave(before);
        return port.toSession(left);
    }
}
