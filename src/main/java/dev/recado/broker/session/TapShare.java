package dev.recado.broker.session;

import dev.recado.base.SharedArrays;
import dev.recado.base.Shortage;
import dev.recado.base.TakingWatch;
import dev.recado.core.message.StoredRun;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the taps of one loop keep in memory, in bytes: what they were handed and have not written, what waits behind
 * that, and the encodings that they share. An array counts once, whole, however many taps keep a part of it.
 *
 * <p>Where it is used up, taps that lag give up what waits for them, whoever has most of it first, so that who keeps up
 * loses nothing. What is left then was handed to sockets, which have to take it ({@link TakingWatch}). Owned by its
 * loop.
 */
public final class TapShare implements LoopTapBatch.Keeper {

    /** A tap that has written all it had gets so much in any case. */
    private static final long SMALL_BYTES = 64L * 1024;

    private final long bytesMax;
    private final SharedArrays arrays = new SharedArrays();
    private final Set<Tap> lagging = new LinkedHashSet<>();
    private long encodedBytes;
    private final Shortage shortage = new Shortage();

    public TapShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public long bytesMax() {
        return bytesMax;
    }

    long bytes() {
        return arrays.bytes() + encodedBytes;
    }

    /** How much a tap is handed before it has written some, where it is {@code usual} while there is room. */
    long handedMax(long usual) {
        return bytes() > bytesMax / 2 ? Math.min(usual, SMALL_BYTES) : usual;
    }

    /** Whether something found no room, and there is still none for it. */
    boolean isWanted() {
        return shortage.lasts(bytes(), bytesMax);
    }

    /**
     * Whether a tap may keep {@code batch}, for which others may have given up what waits for them; {@code idle} where
     * it keeps nothing else.
     */
    boolean admits(LoopTapBatch batch, boolean idle) {
        if (idle && batch.bytes() <= SMALL_BYTES) {
            return true;
        }
        long more = batch.isKept() ? 0 : arrayBytes(batch);
        while (bytes() > 0 && bytes() + more > bytesMax) {
            Tap most = mostLagging();
            if (most == null) {
                shortage.onRefused(more);
                return false;
            }
            most.giveUpWaiting();
            more = batch.isKept() ? 0 : arrayBytes(batch);
        }
        return true;
    }

    private long arrayBytes(LoopTapBatch batch) {
        long bytes = 0;
        byte[] last = null;
        for (StoredRun run : batch.runs()) {
            if (run.bytes() != last) {
                last = run.bytes();
                bytes += arrays.added(last);
            }
        }
        return bytes;
    }

    private @Nullable Tap mostLagging() {
        Tap most = null;
        for (Tap tap : lagging) {
            if (most == null || tap.waitingBytes() > most.waitingBytes()) {
                most = tap;
            }
        }
        return most;
    }

    /** Something waits for {@code tap}, or ({@code false}) nothing more. */
    void lags(Tap tap, boolean now) {
        if (now) {
            lagging.add(tap);
        } else {
            lagging.remove(tap);
        }
    }

    /** One more tap keeps {@code batch}. */
    void keep(LoopTapBatch batch) {
        if (batch.keep(this)) {
            for (StoredRun run : batch.runs()) {
                arrays.hold(run.bytes());
            }
            encodedBytes += batch.encodedBytes();
        }
    }

    /** One who kept {@code batch} does not any longer. */
    void letGo(LoopTapBatch batch) {
        if (batch.letGo()) {
            for (StoredRun run : batch.runs()) {
                arrays.letGo(run.bytes());
            }
            encodedBytes -= batch.encodedBytes();
            shortage.lasts(bytes(), bytesMax);
        }
    }

    /** An encoding was made of a batch that is kept. */
    @Override
    public void encoded(long more) {
        encodedBytes += more;
    }
}
