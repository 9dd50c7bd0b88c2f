package dev.recado.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's place in a group, or its tap. It outlives connections: after a reconnect the client subscribes again. Its
 * own thread calls the handler, in the order of the deliveries. At most {@code credit} messages are buffered (16,384
 * without leases); where they are not taken, the client stops reading, and so the broker stops writing.
 *
 * <p>What was delivered by an earlier connection and not handled yet is dropped: the broker delivers it again.
 */
public final class Subscription implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final long CLOSE_MS = 5_000;

    private final ClientSession session;
    private final SubscribeOptions options;
    private final MessageHandler handler;
    private final ClientListener listener;
    private final Thread thread;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    /**
     * The broker's number for it in the current connection, -1 without; guarded by the session's lock, as the next two.
     */
    long sid = -1;

    int refusals;
    long retryAtMs;
    /** Where the deliveries are bounded: how many the broker may still be asked for, and what was settled since. */
    private long grantable;

    private long settled;
    /** Messages that have reached the handler, counted where the deliveries are bounded; guarded as the two above. */
    private long handled;

    /** Of a reader by itself; guarded as those above. */
    private final ReaderPosition position = new ReaderPosition();

    /** The answer that it has ceased, or null while it has not; guarded as those above. */
    @Nullable
    CompletableFuture<Void> ceasing;

    private final AtomicLong failures = new AtomicLong();
    /** Read and not handed over yet; owned by the reader thread. */
    final List<Delivery> arrived = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ArrayDeque<Delivery> queue = new ArrayDeque<>();
    private volatile boolean stopped;
    /** Whether its end is waited for, or was. */
    private volatile boolean leaving;

    Subscription(ClientSession session, SubscribeOptions options, MessageHandler handler, ClientListener listener) {
        this.listener = listener;
        this.session = session;
        this.options = options;
        this.handler = handler;
        thread = new Thread(this::run, "recado-subscription-" + options.topic() + "-" + options.group());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    ClientSession session() {
        return session;
    }

    public SubscribeOptions options() {
        return options;
    }

    /** Completes with the reason when the broker ended it, or with {@code "closed"} when this client did. */
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /** How often the handler has failed; the first failure is logged, with its stack. */
    public long failureCount() {
        return failures.get();
    }

    /**
     * Gets no more messages and keeps those that it holds: these are handled and settled as before, and meanwhile it
     * stands in nobody's way ({@code max-members}, exclusive members, the active role). {@link #close} returns what is
     * left.
     * It does not outlive a lost connection: then it has {@link #ended} with {@code "ceased"}, and the broker hands
     * what it held to others.
     *
     * @return completes when the broker hands out nothing more to it; REFUSED by brokers before 0.2.0
     * @throws IllegalStateException where it holds nothing: a tap, or one with a credit of 0
     */
    public CompletableFuture<Void> cease() {
        if (!options.isLeased()) {
            throw new IllegalStateException("only a subscription with a group and a credit ceases");
        }
        return session.leases().cease(this);
    }

    /** Leaves the group: finishes the message at hand; what is held unacknowledged returns to the group. */
    @Override
    public void close() {
        if (leaving) {
            return;
        }
        end("closed");
        awaitHandler(CLOSE_MS);
        session.unsubscribe(this);
    }

    /**
     * Finishes the message at hand, acknowledges {@code done} and leaves the group. A handler that is at work for 5 s
     * more is not waited for: then nothing is acknowledged.
     *
     * @param done asked once the handler has ended, and not at all where it goes on
     * @return completes once everything that this subscription has acknowledged is on the broker's disk; fails with
     *     CONNECTION_LOST where the connection that brought one of them is gone, or ends before the answer, and with
     *     CLOSED where the handler goes on: some may then be delivered again
     */
    public CompletableFuture<Void> closeDurably(Supplier<? extends Collection<Delivery>> done) {
        return closeDurably(done, CLOSE_MS);
    }

    CompletableFuture<Void> closeDurably(Supplier<? extends Collection<Delivery>> done, long waitMs) {
        end("closed");
        leaving = true;
        if (awaitHandler(waitMs)) {
            return session.leases().leave(this, List.copyOf(done.get()));
        }
        session.unsubscribe(this);
        return CompletableFuture.failedFuture(new RecadoException(
                RecadoException.Kind.CLOSED, "a message is still being handled after " + waitMs + " ms"));
    }

    /**
     * A new connection: how many messages to ask for first, 0 where there were enough. Under the session's lock, where
     * the deliveries are bounded.
     */
    long beginCredit() {
        long left = options.deliveriesMax() - handled;
        long first = Math.min(options.credit(), left);
        grantable = left - first;
        settled = 0;
        return first;
    }

    /** A message was settled: how many more to ask for now. Under the session's lock. */
    long takeCredit() {
        settled++;
        if (grantable == 0 || settled < Math.min(grantable, (options.credit() + 1) / 2)) {
            return 0;
        }
        long more = Math.min(grantable, settled);
        grantable -= more;
        settled = 0;
        return more;
    }

    /** Where it begins in a new connection. Under the session's lock. */
    String from() {
        return options.alone() ? position.from(options.from()) : options.from();
    }

    /** The message is done with, and does not come again. Under the session's lock. */
    void onSettled(Delivery delivery) {
        if (options.alone()) {
            position.onSettled(delivery.offset());
        }
    }

    /** Stops calling the handler after the message at hand. */
    void end(String reason) {
        lock.lock();
        try {
            stopped = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ended.completeAsync(() -> reason);
    }

    /** Waits until the handler is not running any more, unless called from it; answers whether it is so. */
    boolean awaitHandler(long ms) {
        if (Thread.currentThread() == thread) {
            return true;
        }
        try {
            thread.join(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /**
     * Moves what arrived to the handler's thread; waits while too much is there. Only the reader calls it, without
     * locks.
     */
    void handOver(List<Delivery> deliveries) {
        lock.lock();
        try {
            for (Delivery delivery : deliveries) {
                while (queue.size() >= options.bufferMax() && !stopped) {
                    changed.signalAll();
                    changed.awaitUninterruptibly();
                }
                if (stopped) {
                    return;
                }
                queue.add(delivery);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Drops what an earlier connection brought and its leases with it. */
    void dropStale() {
        if (options.isLeased() || options.alone()) {
            lock.lock();
            try {
                queue.clear();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void run() {
        ArrayDeque<Delivery> taken = new ArrayDeque<>();
        while (true) {
            taken = take(taken);
            if (taken.isEmpty()) {
                return;
            }
            for (Delivery delivery = taken.poll(); delivery != null; delivery = taken.poll()) {
                handle(delivery);
                if (stopped) {
                    drained();
                    return;
                }
            }
            drained();
        }
    }

    private void handle(Delivery delivery) {
        if ((options.isLeased() || options.alone()) && !begin(delivery)) {
            return;
        }
        try {
            handler.onMessage(delivery);
        } catch (Throwable e) {
            onFailure(delivery, e);
        }
    }

    /** Answers whether the delivery is good still; notes it where the deliveries are bounded, or a reader's. */
    private boolean begin(Delivery delivery) {
        if (options.deliveriesMax() == 0 && !options.alone()) {
            return delivery.epoch() == session.epoch();
        }
        session.lock().lock();
        try {
            boolean held = delivery.epoch() == session.epoch();
            handled += held ? 1 : 0;
            if (held && options.alone()) {
                position.onTaken(delivery.partition(), delivery.offset(), options.isLeased());
            }
            return held;
        } finally {
            session.lock().unlock();
        }
    }

    /** A handler that fails must neither go unseen nor end the thread that the other messages need. */
    private void onFailure(Delivery delivery, Throwable why) {
        count(why);
        try {
            handler.onFailure(delivery, why);
        } catch (Throwable e) {
            count(e);
            delivery.nack();
        }
        listener.onFailure(this, delivery, why);
        endIfHopeless(why);
    }

    private void drained() {
        try {
            handler.onDrained();
        } catch (Throwable e) {
            count(e);
            end("handler failed: " + e);
        }
    }

    private void count(Throwable why) {
        if (failures.incrementAndGet() == 1) {
            LOG.atWarn()
                    .setMessage("handler failed; further failures of this subscription are counted, not logged")
                    .addKeyValue("topic", options.topic())
                    .addKeyValue("group", options.group())
                    .setCause(why)
                    .log();
        }
    }

    /** Who interrupts this thread wants it to stop; without memory the next message would fail as well. */
    private void endIfHopeless(Throwable why) {
        if (why instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            end("handler interrupted");
        } else if (why instanceof VirtualMachineError && !(why instanceof StackOverflowError)) {
            end("handler failed: " + why);
        }
    }

    private ArrayDeque<Delivery> take(ArrayDeque<Delivery> empty) {
        lock.lock();
        try {
            while (queue.isEmpty() && !stopped) {
                changed.awaitUninterruptibly();
            }
            ArrayDeque<Delivery> full = queue;
            queue = empty;
            changed.signalAll();
            return full;
        } finally {
            lock.unlock();
        }
    }
}
