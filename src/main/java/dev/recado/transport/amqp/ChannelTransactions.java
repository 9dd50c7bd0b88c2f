package dev.recado.transport.amqp;

import dev.recado.broker.Link;
import dev.recado.transport.amqp.wire.MethodId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * {@code tx.select}, {@code commit} and {@code rollback}: the link collects what the channel publishes and settles, and
 * here stands what the channel itself must not do before: what goes back to its publisher, and which deliveries are no
 * longer unsettled. What the transaction holds bounds both. One channel's, one owner.
 */
final class ChannelTransactions {

    private final Link link;
    private final Face face;
    private final List<Returned> returned = new ArrayList<>(0);
    /** Deliveries that the open transaction settles. */
    private final TreeSet<Long> settled = new TreeSet<>();

    private boolean selected;

    /** What the channel does about its transactions. */
    interface Face {

        /** Whether publishes are confirmed. */
        boolean confirms();

        /** A message goes back to its publisher. */
        void giveBack(byte[] head, byte[] body);

        /** Completes once all that goes back is written. */
        Future<Void> allReturned();

        /** Deliveries of these tags are settled. */
        void onCommitted(Collection<Long> tags);

        /** Performs nothing behind until {@code answer} is there. */
        void await(Future<Void> answer, Runnable then, Runnable otherwise);

        void answer(MethodId method);

        void fail(AmqpError error);
    }

    /** A message that no queue gets; {@code head} is all before the body's frames. */
    private record Returned(byte[] head, byte[] body) {}

    ChannelTransactions(Link link, Face face) {
        this.link = link;
        this.face = face;
    }

    /** Whether the channel is transactional. */
    boolean isSelected() {
        return selected;
    }

    void perform(MethodId method) {
        switch (method) {
            case TX_SELECT -> select();
            case TX_COMMIT, TX_ROLLBACK -> {
                if (!selected) {
                    face.fail(AmqpError.precondition("channel is not transactional", method));
                } else if (method == MethodId.TX_COMMIT) {
                    commit();
                } else {
                    rollback();
                }
            }
            default -> face.fail(AmqpError.notImplemented(method.wireName(), method));
        }
    }

    private void select() {
        if (face.confirms()) {
            face.fail(AmqpError.precondition("cannot switch from confirm to tx mode", MethodId.TX_SELECT));
            return;
        }
        if (!selected) {
            selected = true;
            link.begin();
        }
        face.answer(MethodId.TX_SELECT_OK);
    }

    /** What goes back goes before the answer, as confirmations do. */
    private void commit() {
        returned.forEach(one -> face.giveBack(one.head, one.body));
        returned.clear();
        Future<Void> told = link.commit().compose(done -> face.allReturned());
        face.await(
                told,
                () -> {
                    face.onCommitted(settled);
                    settled.clear();
                    link.begin();
                    face.answer(MethodId.TX_COMMIT_OK);
                },
                () -> face.fail(AmqpError.precondition("partial tx completion", MethodId.TX_COMMIT)));
    }

    private void rollback() {
        returned.clear();
        settled.clear();
        link.rollback();
        link.begin();
        face.answer(MethodId.TX_ROLLBACK_OK);
    }

    /** A message goes back with the commit. */
    void hold(byte[] head, byte[] body) {
        returned.add(new Returned(head, body));
    }

    /** Whether the open transaction settles that delivery. */
    boolean settles(long tag) {
        return settled.contains(tag);
    }

    /** The open transaction settles that delivery; answers false where it did already. */
    boolean settle(long tag) {
        return settled.add(tag);
    }
}
