package dev.recado.client;

import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.CommandWriter;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * How deliveries are answered. An answer goes out only on the connection that brought the delivery: with its end the
 * leases returned to the broker.
 *
 * <p>Each acknowledgement is a command of its own and never {@code ACK:…:UPTO}: that would also finish a lower message
 * that the broker redelivers to this client at the same moment and that nobody has seen yet. Many go in one write.
 */
final class Leases {

    private final ClientSession session;
    private final CommandStream commands;

    Leases(ClientSession session, CommandStream commands) {
        this.session = session;
        this.commands = commands;
    }

    /** How a delivery is answered. */
    interface Settlement {
        void write(CommandWriter out, long sid);
    }

    boolean ack(Subscription subscription, Delivery delivery) {
        session.lock().lock();
        try {
            if (!session.isHeld(subscription, delivery)) {
                return false;
            }
            subscription.onSettled(delivery);
            commands.scratch().ack(false, subscription.sid, delivery.partition(), delivery.offset());
            writeCredit(subscription);
            commands.flush(false);
            return true;
        } finally {
            session.lock().unlock();
        }
    }

    /** As {@link #returned}, and the message does not come again. */
    boolean settle(Subscription subscription, Delivery delivery, Settlement settlement) {
        session.lock().lock();
        try {
            boolean settled = returned(subscription, delivery, settlement);
            if (settled) {
                subscription.onSettled(delivery);
            }
            return settled;
        } finally {
            session.lock().unlock();
        }
    }

    boolean returned(Subscription subscription, Delivery delivery, Settlement settlement) {
        session.lock().lock();
        try {
            if (!session.isHeld(subscription, delivery)) {
                return false;
            }
            settlement.write(commands.scratch(), subscription.sid);
            writeCredit(subscription);
            commands.flush(true);
            return true;
        } finally {
            session.lock().unlock();
        }
    }

    boolean setAside(Subscription subscription, Delivery delivery) {
        return returned(subscription, delivery, (out, sid) -> {});
    }

    CompletableFuture<Void> ackDurably(Subscription subscription, Delivery delivery) {
        session.lock().lock();
        try {
            if (!session.isHeld(subscription, delivery)) {
                return CompletableFuture.failedFuture(leaseGone());
            }
            subscription.onSettled(delivery);
            commands.scratch().ack(true, subscription.sid, delivery.partition(), delivery.offset());
            Call.Acked acked = new Call.Acked(commands.take());
            commands.send(acked);
            writeCredit(subscription);
            commands.flush(true);
            return acked.future.thenAccept(durable -> {});
        } finally {
            session.lock().unlock();
        }
    }

    /** A transaction has settled it. Under the session's lock. */
    void settled(Subscription subscription, Delivery delivery, boolean comesAgain) {
        if (session.isHeld(subscription, delivery)) {
            if (!comesAgain) {
                subscription.onSettled(delivery);
            }
            writeCredit(subscription);
            commands.flush(true);
        }
    }

    /** A bounded number of deliveries is asked for bit by bit, as earlier ones are settled. */
    private void writeCredit(Subscription subscription) {
        if (subscription.options().deliveriesMax() > 0) {
            long more = subscription.takeCredit();
            if (more > 0) {
                commands.scratch().credit(subscription.sid, more);
            }
        }
    }

    /** As {@link Subscription#cease}. */
    CompletableFuture<Void> cease(Subscription subscription) {
        session.lock().lock();
        try {
            CompletableFuture<Void> ceasing = subscription.ceasing;
            if (ceasing != null) {
                return ceasing.copy();
            }
            if (session.isReady() && subscription.sid >= 0) {
                CompletableFuture<Void> asked = ceaseHere(subscription);
                subscription.ceasing = asked;
                return asked.copy();
            }
            session.unsubscribe(subscription); // without a connection it holds nothing
        } finally {
            session.lock().unlock();
        }
        subscription.end("ceased");
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> ceaseHere(Subscription subscription) {
        commands.scratch().cease(subscription.sid);
        Call.Ok call = new Call.Ok(commands.take(), text -> {}) {
            @Override
            void fail(RecadoException why) {
                super.fail(why);
                if (why.kind() == Kind.REFUSED) {
                    subscription.ceasing = null;
                }
            }
        };
        commands.send(call);
        return call.future.thenAccept(text -> {});
    }

    /** Acknowledges what this connection brought of {@code done} and ends the subscription. */
    CompletableFuture<Void> leave(Subscription subscription, Collection<Delivery> done) {
        session.lock().lock();
        try {
            boolean allHeld = true;
            for (Delivery delivery : done) {
                boolean held = session.isHeld(subscription, delivery);
                allHeld &= held;
                if (held) {
                    commands.scratch().ack(false, subscription.sid, delivery.partition(), delivery.offset());
                }
            }
            commands.flush(false);
            CompletableFuture<String> left = session.unsubscribe(subscription);
            if (left == null || !allHeld) {
                return CompletableFuture.failedFuture(leaseGone());
            }
            return left.thenAccept(durable -> {});
        } finally {
            session.lock().unlock();
        }
    }

    CompletableFuture<Void> extend(Subscription subscription, Delivery delivery, long ms) {
        session.lock().lock();
        try {
            if (!session.isHeld(subscription, delivery)) {
                return CompletableFuture.failedFuture(leaseGone());
            }
            commands.scratch().extend(subscription.sid, delivery.partition(), delivery.offset(), ms);
            Call.Ok extend = new Call.Ok(commands.take(), text -> {});
            commands.send(extend);
            return extend.future.thenAccept(text -> {});
        } finally {
            session.lock().unlock();
        }
    }

    static RecadoException leaseGone() {
        return new RecadoException(Kind.CONNECTION_LOST, "the connection that brought the message is gone");
    }
}
