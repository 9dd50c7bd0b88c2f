package dev.recado.cli;

import dev.recado.client.Delivery;
import dev.recado.client.MessageHandler;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import dev.recado.client.SubscribeOptions;
import dev.recado.client.Subscription;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the dead letters that are open at its start, one after the other; which becomes one meanwhile is not
 * among them. At most {@value #IN_HAND_MAX} are in memory: each may be as large as a message can be.
 *
 * <p>The handler runs on the subscription's thread, the rest on the command's.
 */
final class DeadLetterVisit implements MessageHandler {

    private static final int IN_HAND_MAX = 64;
    private static final long LOOK_MS = 50;
    private static final long SILENCE_MS = 5_000;
    private static final long LEAVE_MS = 10_000;

    /** What is done with the letters. */
    interface Work {
        /** Answers false where the letter is to stay as it is; who answers true settles it, or sets it aside. */
        boolean on(DeadLetter letter, Delivery delivery);

        /** Before each letter: waits as long as the pace wants it for this one. */
        default void pace(DeadLetter letter) throws InterruptedException {}

        /** Whether what was begun goes on, so that the wait for the next letter may last. */
        default boolean isUnderWay() {
            return false;
        }

        /** Returns once every letter that was taken on is settled. */
        default void finish() {}
    }

    private final Work work;
    private final long open;
    private final CountDownLatch unseen;
    /** Owned by the handler: after a reconnect a letter that was set aside comes again. */
    private final Set<MessageId> seen = new HashSet<>();
    /** Held while a letter is worked on. */
    private final ReentrantLock gate = new ReentrantLock();

    private volatile boolean busy;
    private volatile boolean over;
    private volatile @Nullable RuntimeException failure;

    DeadLetterVisit(Work work, long open) {
        this.work = work;
        this.open = open;
        unseen = new CountDownLatch((int) Math.min(Integer.MAX_VALUE, open));
    }

    /**
     * Done once what was settled is durable.
     *
     * @return how many letters were not reached: somebody else has them, or the broker hands no more out
     */
    long run(RecadoClient client, String topic, String group) throws InterruptedException {
        // Without a bound of the broker's: after a reconnect what was set aside is handed out again.
        SubscribeOptions wanted = new SubscribeOptions(topic, group, IN_HAND_MAX, "first", Long.MAX_VALUE);
        Subscription subscription = client.subscribe(wanted, this);
        try {
            await(subscription.ended());
        } finally {
            end();
        }
        work.finish();
        long missed = unseen.getCount();
        leave(subscription);
        RuntimeException why = failure;
        if (why != null) {
            throw new RecadoException(RecadoException.Kind.REFUSED, String.valueOf(why.getMessage()), why);
        }
        return missed;
    }

    @Override
    public void onMessage(Delivery delivery) throws InterruptedException {
        if (over || seen.size() >= open) {
            return;
        }
        if (!seen.add(delivery.id())) {
            delivery.setAside();
            return;
        }
        busy = true;
        try {
            DeadLetter letter = DeadLetter.of(delivery);
            work.pace(letter);
            work(letter, delivery);
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            busy = false;
        }
    }

    private void work(DeadLetter letter, Delivery delivery) {
        gate.lock();
        try {
            if (over) {
                return;
            }
            if (!work.on(letter, delivery)) {
                delivery.setAside();
            }
            unseen.countDown();
        } finally {
            gate.unlock();
        }
    }

    /** Until all were seen, or the subscription ended, or nothing is under way and nothing comes any more. */
    private void await(CompletableFuture<String> ended) throws InterruptedException {
        long before = unseen.getCount();
        long sinceNanos = System.nanoTime();
        while (!unseen.await(LOOK_MS, TimeUnit.MILLISECONDS) && !ended.isDone() && failure == null) {
            long now = unseen.getCount();
            if (busy || now < before || work.isUnderWay()) {
                before = now;
                sinceNanos = System.nanoTime();
            } else if (System.nanoTime() - sinceNanos > TimeUnit.MILLISECONDS.toNanos(SILENCE_MS)) {
                return;
            }
        }
    }

    /** No letter is worked on from here on. */
    private void end() {
        gate.lock();
        try {
            over = true;
        } finally {
            gate.unlock();
        }
    }

    private static void leave(Subscription subscription) throws InterruptedException {
        try {
            subscription.closeDurably(Set::of).get(LEAVE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw RecadoClient.unwrap(e);
        } catch (TimeoutException e) {
            throw new RecadoException(
                    RecadoException.Kind.CONNECTION_LOST, "no answer within " + LEAVE_MS + " ms to the end", e);
        }
    }
}
