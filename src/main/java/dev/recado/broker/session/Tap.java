package dev.recado.broker.session;

import dev.recado.base.TakingWatch;
import dev.recado.broker.SlowTap;
import java.util.ArrayDeque;

/**
 * One session's tap on one partition: hands batches on while the socket takes them, keeps what it does not take up to
 * {@code tapBytesMax}, then drops and counts: at once, or after it has held publishing up for {@code tapBlockMs}
 * without progress, as the session chose. Where the taps of the loop have no room left, it gives up what waits for it
 * at once. What it counts are whole batches, filtered or not. Owned by the session's loop.
 */
final class Tap {

    private final TapReader reader;
    private final TapHub hub;
    private final BrokerSettings.Taps limits;
    private final long handedBytesMax;
    private final TapShare share;
    private final ArrayDeque<LoopTapBatch> pending = new ArrayDeque<>();
    /** What the session has and has not written. */
    private final ArrayDeque<LoopTapBatch> handed = new ArrayDeque<>();

    private final TakingWatch taking = new TakingWatch();
    private final boolean neverBlocks;
    private long pendingBytes;
    /** Not written of {@link #handed}, whose batches have {@link #keptBytes}. */
    private long handedBytes;

    private long keptBytes;
    private long progressAtMs;
    private boolean late;
    private boolean dropping;
    private long from;

    Tap(TapReader reader, SlowTap whenSlow, TapHub hub, BrokerSettings settings, long from, long nowMs) {
        this.reader = reader;
        this.hub = hub;
        this.limits = settings.taps();
        this.handedBytesMax = settings.handedBytesMax();
        this.share = hub.share();
        this.neverBlocks = whenSlow == SlowTap.DROP;
        this.from = from;
        this.progressAtMs = nowMs;
    }

    void offer(LoopTapBatch offered) {
        if (reader.wantsNothing()) {
            return;
        }
        LoopTapBatch batch = offered;
        if (from > 0) {
            batch = offered.from(from);
            if (batch == null) {
                return;
            }
            from = 0;
        }
        if (isBehind()
                && (neverBlocks && pendingBytes > limits.bytesMax()
                        || dropping && pendingBytes + batch.bytes() > limits.bytesMax())) {
            drop(batch);
            return;
        }
        if (!share.admits(batch, pending.isEmpty() && handed.isEmpty())) {
            drop(batch);
            return;
        }
        share.keep(batch);
        if (!isBehind()) {
            hand(batch);
            return;
        }
        pending.add(batch);
        pendingBytes += batch.bytes();
        share.lags(this, true);
        if (!late && !neverBlocks && pendingBytes > limits.bytesMax()) {
            late = true;
            hub.onLate(1);
        }
    }

    private boolean isBehind() {
        return !pending.isEmpty() || handedBytes >= share.handedMax(handedBytesMax);
    }

    private void hand(LoopTapBatch batch) {
        handedBytes += batch.bytes();
        keptBytes += batch.bytes();
        handed.add(batch);
        reader.onTapped(batch);
    }

    /** Of what waits behind what the session has. */
    long waitingBytes() {
        return pendingBytes;
    }

    void onWritten(long bytes, long nowMs) {
        taking.onTaken(bytes);
        release(bytes);
        progressAtMs = nowMs;
        dropping = false;
        while (!pending.isEmpty() && handedBytes < share.handedMax(handedBytesMax)) {
            hand(nextWaiting());
        }
        if (late && pendingBytes <= limits.bytesMax() / 2) {
            catchUp();
        }
    }

    void onTick(long nowMs) {
        if (late && nowMs - progressAtMs >= limits.blockMs()) {
            giveUpWaiting();
        }
        if (taking.isInTheWay(nowMs, share.isWanted(), handedBytes)) {
            reader.end("slow", false);
        }
    }

    /** Drops what waits, and what comes until something is written. */
    void giveUpWaiting() {
        while (!pending.isEmpty()) {
            LoopTapBatch batch = nextWaiting();
            share.letGo(batch);
            drop(batch);
        }
        dropping = true;
        if (late) {
            catchUp();
        }
    }

    private LoopTapBatch nextWaiting() {
        LoopTapBatch batch = pending.remove();
        pendingBytes -= batch.bytes();
        if (pending.isEmpty()) {
            share.lags(this, false);
        }
        return batch;
    }

    /** What was written of a batch shows once all of it is. */
    private void release(long bytes) {
        handedBytes = Math.max(0, handedBytes - bytes);
        while (!handed.isEmpty() && handedBytes <= keptBytes - handed.element().bytes()) {
            keptBytes -= handed.element().bytes();
            share.letGo(handed.remove());
        }
    }

    private void letGoOfAll() {
        release(handedBytes);
        while (!pending.isEmpty()) {
            share.letGo(nextWaiting());
        }
    }

    private void catchUp() {
        late = false;
        hub.onLate(-1);
    }

    private void drop(LoopTapBatch batch) {
        reader.onDropped(batch);
    }

    void end(String reason) {
        if (late) {
            catchUp();
        }
        letGoOfAll();
        reader.end(reason, true);
    }

    void close() {
        if (late) {
            catchUp();
        }
        letGoOfAll();
        hub.remove(this);
    }
}
