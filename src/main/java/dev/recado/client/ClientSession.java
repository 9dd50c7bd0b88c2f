package dev.recado.client;

import dev.recado.base.BackOff;
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

    private static final int CALLS_MAX = 1_024;
    private static final long TICK_MS = 1_000;

    private final ClientOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CommandStream commands;
    private final ClientHandshake handshake;
    private final Subscriptions subscriptions = new Subscriptions();
    private final ReplyHandler replies;
    private final Leases leases;
    private final Deferrals deferred;
    private final ArrayDeque<Call<?>> parked = new ArrayDeque<>();
    private final SessionPhase phase = new SessionPhase();

    private @Nullable Thread reader;
    /** Owned by the reader thread. */
    private boolean progress;

    /** Answers are taken and their futures not completed yet; the reader thread writes it under the lock. */
    private boolean telling;

    ClientSession(ClientOptions options, String producerId, BackOff deferral) {
        this.options = options;
        deferred = new Deferrals(deferral);
        commands = new CommandStream(lock, producerId);
        handshake = new ClientHandshake(
                commands, producerId, options.producerId() == null, options.rewind(), this::onReady);
        replies = new ReplyHandler(commands, subscriptions, options.retryRefused(), options.listener());
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
        return phase.epoch();
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
            commands.publish(publish, phase.isReady());
            handshake.onPublish();
        } finally {
            lock.unlock();
        }
    }

    <T> CompletableFuture<T> call(Call<T> call) {
        lock.lock();
        try {
            phase.throwIfClosed();
            if (commands.calls().size() + parked.size() >= CALLS_MAX) {
                throw new RecadoException(Kind.FULL, "too many calls wait for an answer, limit=" + CALLS_MAX);
            }
            if (phase.isReady()) {
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
            phase.throwIfClosed();
            CompletableFuture<String> accepted = subscriptions.add(subscription);
            if (phase.isReady()) {
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
            if (!phase.isReady() || sid < 0) {
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
            if (last) {
                phase.onClosing();
            }
            while (!phase.isClosed() && unansweredCount() > 0 && left > 0) {
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
            boolean connected = phase.isReady();
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
            if (phase.isClosed()) {
                return;
            }
            phase.onClosed(why);
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
        Call.endAll(unanswered, why);
        ending.forEach(subscription -> subscription.end(why.text()));
    }

    boolean isClosed() {
        lock.lock();
        try {
            return phase.isClosed();
        } finally {
            lock.unlock();
        }
    }

    /** Why it ended, unless its owner closed it. */
    @Nullable
    RecadoException failure() {
        lock.lock();
        try {
            return phase.failure();
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
            return handshake.brokerName();
        } finally {
            lock.unlock();
        }
    }

    // The reader thread.

    /** A connection is there: the first commands go out. */
    void onConnected() {
        lock.lock();
        try {
            if (phase.isClosed()) {
                return;
            }
            phase.onConnected();
            replies.begin(phase.epoch());
            replies.onConnected();
            commands.onConnected();
            boolean listens = options.listener() != ClientListener.NONE;
            handshake.begin(options.name(), listens, options.user(), options.password(), options.namespace());
        } finally {
            lock.unlock();
        }
    }

    private void onReady() {
        phase.onReady();
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
            return phase.isReady();
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
        if (replies.takeUnblocked() && deferred.hurry()) {
            commands.outbox().wake();
        }
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
        List<Subscription> ceased;
        lock.lock();
        try {
            phase.onLost();
            replies.begin(phase.epoch());
            unanswered = commands.onLost();
            ceased = subscriptions.onLost();
            stale = subscriptions.all();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Call.endAll(unanswered, new RecadoException(Kind.CONNECTION_LOST, "connection lost: " + why));
        stale.forEach(Subscription::dropStale);
        ceased.forEach(subscription -> subscription.end("ceased"));
    }

    // The writer thread.

    /** Between writes, every second at least: sends again what was put off. Under the lock. */
    void onTick() {
        if (!phase.isReady()) {
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
        if (phase.isReady() && commands.unansweredCount() == 0) {
            commands.scratch().command("PING");
            commands.send(new Call.Ping(commands.take()));
        }
    }

    // Under the lock.

    private void awaitRoom(int bytes) {
        phase.throwIfClosing();
        while (!hasRoom(bytes)) {
            if (options.failWhenFull() || Thread.currentThread() == reader) {
                int count = commands.window().size() + deferred.size();
                throw new RecadoException(Kind.FULL, "too many publishes are unconfirmed count=" + count);
            }
            changed.awaitUninterruptibly();
            phase.throwIfClosing();
        }
    }

    /** Whether one more publish fits; what was put off goes before new work. */
    private boolean hasRoom(int bytes) {
        PublishWindow window = commands.window();
        return deferred.isEmpty()
                && window.size() < options.inFlightMax()
                && (window.size() == 0 || window.bytes() + bytes <= options.inFlightBytesMax());
    }

    /** Whether this connection brought the delivery, so that an answer to it means something. */
    boolean isHeld(Subscription subscription, Delivery delivery) {
        return phase.isReady()
                && delivery.epoch() == phase.epoch()
                && subscription.sid >= 0
                && subscription.options().isLeased();
    }
}
