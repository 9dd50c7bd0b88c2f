package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.transport.LargeOutput;
import java.util.ArrayDeque;

/**
 * What a session pushes for its subscriptions, MSG and END, until it is encoded; subscriptions are served in turn. What
 * the broker may hand over before it was written bounds it. One owner.
 */
final class PushQueue {

    private final ArrayDeque<TextSubscription> ready = new ArrayDeque<>(1);
    private final ArrayDeque<Ended> ends = new ArrayDeque<>(0);
    /** What partitions delivered before the others had joined; there is one SUB under way at most. */
    private final ArrayDeque<Early> early = new ArrayDeque<>(0);

    private record Ended(TextSubscription subscription, String reason) {}

    private record Early(SubscriptionLink subscription, Object batch) {}

    /** Takes a delivery for a subscription, which need not have joined yet. */
    void add(SubscriptionLink subscription, Object batch) {
        if (subscription.attachment() instanceof TextSubscription mine) {
            if (!mine.isWaiting() && !mine.isEnded()) {
                ready.add(mine);
            }
            mine.add(batch);
        } else {
            early.add(new Early(subscription, batch));
        }
    }

    /** The SUB under way has joined or was refused. */
    void onJoined() {
        for (Early one = early.poll(); one != null; one = early.poll()) {
            if (one.subscription.attachment() instanceof TextSubscription) {
                add(one.subscription, one.batch);
            }
        }
    }

    /** The broker ended a subscription: nothing follows but its END. */
    void onEnded(TextSubscription mine, String reason) {
        if (!mine.isEnded()) {
            mine.end();
            ready.remove(mine);
            ends.add(new Ended(mine, reason));
        }
    }

    /** Encodes what may go out until {@code out} holds about {@code bytesMax} or {@code large} has begun something. */
    void encode(ByteWriter out, int bytesMax, LargeOutput large) {
        for (int i = ends.size(); i > 0; i--) {
            Ended end = ends.remove();
            if (end.subscription.isAnnounced()) {
                out.putAscii("END:").putDecimal(end.subscription.sid).put(':');
                PercentCodec.encode(out, end.reason);
                out.put('\n');
            } else {
                ends.add(end);
            }
        }
        for (int i = ready.size(); i > 0 && out.size() < bytesMax && !large.isUnderWay(); i--) {
            TextSubscription next = ready.remove();
            if (next.hasOutput()) {
                next.encode(out, bytesMax);
            }
            if (next.isWaiting()) {
                ready.add(next);
            }
        }
    }

    /** Whether a delivery may go out. */
    boolean hasOutput() {
        for (TextSubscription one : ready) {
            if (one.hasOutput()) {
                return true;
            }
        }
        return false;
    }
}
