package dev.recado.client;

import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.ReplyDecoder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client has to say to its broker and what it waits for, across connections. Callers, the reader thread and the
 * writer thread meet here under one lock; {@link SessionThreads} moves the bytes.
 *
 * <p>After a reconnect every unconfirmed publish is sent again under its number, in order and before anything new; the
 * broker drops what it has. Subscriptions are asked for again. Calls that had no answer fail, because whether they were
 * carried out cannot be told; calls made meanwhile wait for the connection.
 */
final class ClientSession {

    private enum State {
        /** No connection; the reader thread is after one. */
        WAITING,
        /** Connected; the first commands are not answered yet. */
        HANDSHAKE,
        READY,
        CLOSED
    }

    private static final int CALLS_MAX = 1_024;
    private static final long TICK_MS = 1_000;

    private final ClientOptions options;
    private final String producerId;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CommandStream commands;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReplyHandler replies;
    private final Leases leases;
    private final Deferrals deferred;
    private final ArrayDeque<Call<?>> parked = new ArrayDeque<>();

    private State state = State.WAITING;
    private volatile int epoch;
    private @Nullable Thread reader;
    private @Nullable RecadoException closedBy;
    private boolean closing;
    private boolean numbersBegun;
    /** Owned by the reader thread. */
    private boolean progress;

    /** Answers are taken and their futures not completed yet; the reader thread writes it under the lock. */
    private boolean telling;

    private String brokerName = "";

    ClientSession(ClientOptions options, String producerId, BackOff deferral) {
        this.options = options;
        this.producerId = producerId;
        deferred = new Deferrals(deferral);
        commands = new CommandStream(lock, producerId);
        replies = new ReplyHandler(commands, subscriptions, options.retryRefused());
        leases = new Leases(this, commands);
    }

    Leases leases() {
        return leases;
    }

    ReentrantLock lock() {
        return lock;
    }

    Outbox outbox() {
        return commands.outbox();
    }

    int epoch() {
        return epoch;
    }

    /** The thread that must never wait for an answer, since it reads the answers. */
    void readBy(Thread thread) {
        reader = thread;
    }

    // Callers.

    void publish(InFlight publish) {
        lock.lock();
        try {
            awaitRoom(publish.command.size());
            commands.publish(publish, state == State.READY);
            numbersBegun = true;
        } finally {
            lock.unlock();
        }
    }

    <T> CompletableFuture<T> call(Call<T> call) {
        lock.lock();
        try {
            throwIfClosed();
            if (commands.calls().size() + parked.size() >= CALLS_MAX) {
                throw new RecadoException(Kind.FULL, "too many calls wait for an answer, limit=" + CALLS_MAX);
            }
            if (state == State.READY) {
                commands.send(call);
            } else {
                parked.add(call);
            }
            return call.future;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a subscription; the future completes when the broker has accepted it for the first time. */
    CompletableFuture<String> subscribe(Subscription subscription) {
        lock.lock();
        try {
            throwIfClosed();
            CompletableFuture<String> accepted = subscriptions.add(subscription);
            if (state == State.READY) {
                subscriptions.request(subscription, commands);
            }
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a subscription; answers the broker's answer, or null where this connection does not have it. */
    @Nullable
    CompletableFuture<String> unsubscribe(Subscription subscription) {
        lock.lock();
        try {
            long sid = subscription.sid;
            subscriptions.remove(subscription);
            if (state != State.READY || sid < 0) {
                return null;
            }
            commands.scratch().unsubscribe(sid);
            Call.Ok call = new Call.Ok(commands.take(), text -> {});
            commands.send(call);
            return call.future;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything is answered, at most {@code ms}, the {@code last} time without taking more. */
    boolean awaitQuiet(long ms, boolean last) {
        long left = TimeUnit.MILLISECONDS.toNanos(ms);
        lock.lock();
        try {
            closing |= last;
            while (state != State.CLOSED && unansweredCount() > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return unansweredCount() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    Unconfirmed unconfirmed() {
        lock.lock();
        try {
            int sent = commands.sentCount();
            return new Unconfirmed(sent, commands.window().size() - sent + deferred.size(), replies.passingRefusal());
        } finally {
            lock.unlock();
        }
    }

    private int unansweredCount() {
        return commands.unansweredCount() + deferred.size() + parked.size() + (telling ? 1 : 0);
    }

    /** Says goodbye; answers whether there is somebody to say it to. */
    boolean quit() {
        lock.lock();
        try {
            boolean connected = state == State.READY;
            if (connected) {
                commands.scratch().command("QUIT");
                commands.flush(true);
            }
            return connected;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it for good: whatever still waits fails. */
    void close(RecadoException why) {
        List<InFlight> unconfirmed;
        List<Call<?>> unanswered;
        List<Subscription> ending;
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return;
            }
            state = State.CLOSED;
            closedBy = why;
            unconfirmed = commands.drainWindow();
            deferred.drainTo(unconfirmed::add);
            unanswered = commands.onLost();
            unanswered.addAll(parked);
            parked.clear();
            ending = subscriptions.close(why);
            changed.signalAll();
            commands.outbox().wake();
        } finally {
            lock.unlock();
        }
        unconfirmed.forEach(publish -> publish.refused(why));
        unconfirmed.forEach(InFlight::finish);
        fail(unanswered, why);
        ending.forEach(subscription -> subscription.end(why.text()));
    }

    boolean isClosed() {
        lock.lock();
        try {
            return state == State.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    /** Why it ended, unless its owner closed it. */
    @Nullable
    RecadoException failure() {
        lock.lock();
        try {
            RecadoException why = closedBy;
            return why == null || why.kind() == Kind.CLOSED ? null : why;
        } finally {
            lock.unlock();
        }
    }

    List<Subscription> subscriptions() {
        lock.lock();
        try {
            return subscriptions.all();
        } finally {
            lock.unlock();
        }
    }

    long nextNumber() {
        lock.lock();
        try {
            return commands.window().next();
        } finally {
            lock.unlock();
        }
    }

    String brokerName() {
        lock.lock();
        try {
            return brokerName;
        } finally {
            lock.unlock();
        }
    }

    // The reader thread.

    /** A connection is there: the first commands go out. */
    void onConnected() {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return;
            }
            nextEpoch();
            state = State.HANDSHAKE;
            replies.onConnected();
            commands.onConnected();
            String user = options.user();
            commands.scratch().command("HELLO", options.name());
            commands.sendEssential(text -> {
                brokerName = Answers.afterFirstColon(text);
                if (user == null) {
                    onHandshakeDone();
                }
            });
            if (user != null) {
                commands.scratch().command("AUTH", user, options.password());
                commands.sendEssential(text -> onHandshakeDone());
            }
        } finally {
            lock.unlock();
        }
    }

    /** A producer whose id was given may have published before: the broker knows its next number. */
    private void onHandshakeDone() {
        if (options.producerId() == null || numbersBegun) {
            onReady();
            return;
        }
        commands.scratch().producer(producerId, 0);
        commands.sendEssential(text -> {
            numbersBegun = true;
            commands.startAt(Math.max(0, Answers.afterLastColon(text) - options.rewind()), 0);
            onReady();
        });
    }

    private void onReady() {
        state = State.READY;
        subscriptions.all().forEach(subscription -> subscriptions.request(subscription, commands));
        commands.sendWindow();
        for (Call<?> call = parked.poll(); call != null; call = parked.poll()) {
            commands.send(call);
        }
        changed.signalAll();
    }

    boolean isReady() {
        lock.lock();
        try {
            return state == State.READY;
        } finally {
            lock.unlock();
        }
    }

    /** Whether any work got done since the last time this was asked. */
    boolean takeProgress() {
        boolean any = progress;
        progress = false;
        return any;
    }

    /** Why the broker ended the session, as far as it said; empty where it did not. */
    String lastError() {
        return replies.lastError();
    }

    /**
     * Takes what the broker said from {@code from} to {@code to}; answers where the first incomplete frame begins.
     *
     * @throws RecadoException the connection must end
     */
    int onBytes(ReplyDecoder decoder, byte[] bytes, int from, int to) {
        lock.lock();
        try {
            return replies.read(decoder, bytes, from, to);
        } finally {
            deferRefused();
            progress |= replies.hasProgress();
            telling = replies.hasAnswers();
            lock.unlock();
            replies.finish();
            told();
        }
    }

    /** What was answered has been told: now there is room, and perhaps quiet. */
    private void told() {
        if (telling) {
            lock.lock();
            try {
                telling = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void deferRefused() {
        List<InFlight> refused = replies.takeRefused();
        if (!refused.isEmpty()) {
            if (deferred.add(refused)) {
                commands.outbox().wake();
            }
        } else if (replies.hasProgress()) {
            deferred.onProgress();
        }
    }

    /** The connection is gone: calls fail, publishes stay to be sent again, leases are the broker's again. */
    void onLost(String why) {
        List<Call<?>> unanswered;
        List<Subscription> stale;
        lock.lock();
        try {
            if (state != State.CLOSED) {
                state = State.WAITING;
            }
            nextEpoch();
            unanswered = commands.onLost();
            subscriptions.onLost();
            stale = subscriptions.all();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        fail(unanswered, new RecadoException(Kind.CONNECTION_LOST, "connection lost: " + why));
        stale.forEach(Subscription::dropStale);
    }

    private static void fail(List<Call<?>> calls, RecadoException why) {
        calls.forEach(call -> call.fail(why));
        calls.forEach(Call::finish);
    }

    // The writer thread.

    /** Between writes, every second at least: sends again what was put off. Under the lock. */
    void onTick() {
        if (state != State.READY) {
            return;
        }
        long nowMs = Answers.nowMs();
        if (deferred.isDue(nowMs)) {
            deferred.drainTo(publish -> commands.publish(publish, true));
            changed.signalAll();
        }
        for (Subscription refused : subscriptions.dueForRetry(nowMs)) {
            subscriptions.request(refused, commands);
        }
    }

    /** Milliseconds that the writer may sleep before the next tick. Under the lock. */
    long tickWaitMs() {
        return deferred.waitMs(TICK_MS);
    }

    /** Asks the broker for a sign of life, unless an answer is being waited for anyway. Under the lock. */
    void ping() {
        if (state == State.READY && commands.unansweredCount() == 0) {
            commands.scratch().command("PING");
            commands.send(new Call.Ping(commands.take()));
        }
    }

    // Under the lock.

    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock is held; others only read
    private void nextEpoch() {
        replies.begin(++epoch);
    }

    private void awaitRoom(int bytes) {
        throwIf(closing || state == State.CLOSED);
        while (!hasRoom(bytes)) {
            if (options.failWhenFull() || Thread.currentThread() == reader) {
                int count = commands.window().size() + deferred.size();
                throw new RecadoException(Kind.FULL, "too many publishes are unconfirmed count=" + count);
            }
            changed.awaitUninterruptibly();
            throwIf(closing || state == State.CLOSED);
        }
    }

    /** Whether one more publish fits; what was put off goes before new work. */
    private boolean hasRoom(int bytes) {
        PublishWindow window = commands.window();
        return deferred.isEmpty()
                && window.size() < options.inFlightMax()
                && (window.size() == 0 || window.bytes() + bytes <= options.inFlightBytesMax());
    }

    private void throwIfClosed() {
        throwIf(state == State.CLOSED);
    }

    private void throwIf(boolean closed) {
        if (closed) {
            RecadoException why = closedBy;
            throw why == null
                    ? new RecadoException(Kind.CLOSED, "the client is closed")
                    : new RecadoException(why.kind(), why.text(), why);
        }
    }

    /** Whether this connection brought the delivery, so that an answer to it means something. */
    boolean isHeld(Subscription subscription, Delivery delivery) {
        return state == State.READY
                && delivery.epoch() == epoch
                && subscription.sid >= 0
                && subscription.options().isLeased();
    }
}
