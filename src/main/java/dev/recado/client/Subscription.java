package dev.recado.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A client's place in a group, or its tap. It outlives connections: after a reconnect the client subscribes again. Its own
 * thread calls the handler, in the order of the deliveries. At most {@code credit} messages are buffered (16,384 without
 * leases); where they are not taken, the client stops reading, and so the broker stops writing.
 *
 * <p>What was delivered by an earlier connection and not handled yet is dropped: the broker delivers it again.
 */
public final class Subscription implements AutoCloseable {

    private final ClientSession session;
    private final SubscribeOptions options;
    private final MessageHandler handler;
    private final Thread thread;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    /** The broker's number for it in the current connection, -1 without; guarded by the session's lock, as the next two. */
    long sid = -1;

    int refusals;
    long retryAtMs;
    /** Read and not handed over yet; owned by the reader thread. */
    final List<Delivery> arrived = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ArrayDeque<Delivery> queue = new ArrayDeque<>();
    private volatile boolean stopped;

    Subscription(ClientSession session, SubscribeOptions options, MessageHandler handler) {
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

    /** Leaves the group: finishes the message at hand; what is held unacknowledged returns to the group. */
    @Override
    public void close() {
        end("closed");
        awaitHandler(5_000);
        session.unsubscribe(this);
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

    /** Waits until the handler is not running any more, unless called from it. */
    void awaitHandler(long ms) {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves what arrived to the handler's thread; waits while too much is there. Only the reader calls it, without locks. */
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
        if (options.isLeased()) {
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
        if (options.isLeased() && delivery.epoch() != session.epoch()) {
            return;
        }
        try {
            handler.onMessage(delivery);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            handler.onFailure(delivery, e);
        }
    }

    private void drained() {
        try {
            handler.onDrained();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            end("handler failed: " + e);
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
