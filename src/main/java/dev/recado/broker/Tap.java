package dev.recado.broker;

import java.util.ArrayDeque;

/**
 * One session's tap on one partition: hands batches on while the socket takes them, keeps what it does not take up to
 * {@code tapBytesMax}, then drops and counts: at once, or after it has held publishing up for {@code tapBlockMs}
 * without progress, as the session chose. What it counts are whole batches, filtered or not.
 * Owned by the session's loop.
 */
final class Tap {

    private final LoopSubscription subscription;
    private final TapHub hub;
    private final BrokerSettings settings;
    private final ArrayDeque<TapBatch> pending = new ArrayDeque<>();
    private final boolean neverBlocks;
    private long pendingBytes;
    private long handedBytes;
    private long progressAtMs;
    private boolean late;
    private boolean dropping;
    private long from;

    Tap(LoopSubscription subscription, TapHub hub, BrokerSettings settings, long from, long nowMs) {
        this.subscription = subscription;
        this.hub = hub;
        this.settings = settings;
        this.neverBlocks = subscription.spec().slowTap() == SlowTap.DROP;
        this.from = from;
        this.progressAtMs = nowMs;
    }

    void offer(TapBatch offered) {
        if (subscription.wantsNothing()) {
            return;
        }
        TapBatch batch = offered;
        if (from > 0) {
            batch = offered.from(from);
            if (batch == null) {
                return;
            }
            from = 0;
        }
        if (pending.isEmpty() && handedBytes < settings.handedBytesMax()) {
            hand(batch);
            return;
        }
        if (neverBlocks && pendingBytes > settings.tapBytesMax()
                || dropping && pendingBytes + batch.bytes() > settings.tapBytesMax()) {
            drop(batch);
            return;
        }
        pending.add(batch);
        pendingBytes += batch.bytes();
        if (!late && !neverBlocks && pendingBytes > settings.tapBytesMax()) {
            late = true;
            hub.onLate(1);
        }
    }

    private void hand(TapBatch batch) {
        handedBytes += batch.bytes();
        subscription.tapped(batch);
    }

    void onWritten(long bytes, long nowMs) {
        handedBytes = Math.max(0, handedBytes - bytes);
        progressAtMs = nowMs;
        dropping = false;
        while (!pending.isEmpty() && handedBytes < settings.handedBytesMax()) {
            TapBatch batch = pending.remove();
            pendingBytes -= batch.bytes();
            hand(batch);
        }
        if (late && pendingBytes <= settings.tapBytesMax() / 2) {
            catchUp();
        }
    }

    void onTick(long nowMs) {
        if (late && nowMs - progressAtMs >= settings.tapBlockMs()) {
            while (!pending.isEmpty()) {
                drop(pending.remove());
            }
            pendingBytes = 0;
            dropping = true;
            catchUp();
        }
    }

    private void catchUp() {
        late = false;
        hub.onLate(-1);
    }

    private void drop(TapBatch batch) {
        subscription.onTapDropped(batch);
    }

    void end(String reason) {
        if (late) {
            catchUp();
        }
        pending.clear();
        pendingBytes = 0;
        subscription.end(reason);
    }

    void close() {
        if (late) {
            catchUp();
        }
        pending.clear();
        hub.remove(this);
    }
}
