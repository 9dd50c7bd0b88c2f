package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.broker.SubscriptionLink;
import java.util.ArrayDeque;
import java.util.Iterator;

/** The {@code ACK!} commands that wait for their progress to be committed; bounded by the answers owed. One owner. */
final class DurableAcks {

    private final PendingReplies replies;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);

    private record Waiting(SubscriptionLink subscription, int partition, long offset, long slot, String answer) {}

    DurableAcks(PendingReplies replies) {
        this.replies = replies;
    }

    void add(SubscriptionLink subscription, int partition, long offset, String answer) {
        waiting.add(new Waiting(subscription, partition, offset, replies.open(), answer));
    }

    void onAcked(SubscriptionLink subscription, int partition, long offset) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (one.subscription == subscription && one.partition == partition && one.offset == offset) {
                all.remove();
                settle(one, one.answer);
                return;
            }
        }
    }

    /** The subscription ended: what it asked for will not be answered. */
    void onEnded(SubscriptionLink subscription, String reason) {
        waiting.removeIf(one -> {
            boolean mine = one.subscription == subscription;
            if (mine) {
                settle(one, ErrorWords.line(ErrorCode.NOT_FOUND, "subscription ended, reason=" + reason));
            }
            return mine;
        });
    }

    private void settle(Waiting one, String line) {
        if (replies.isWaiting(one.slot)) {
            replies.settle(one.slot, line);
        }
    }
}
