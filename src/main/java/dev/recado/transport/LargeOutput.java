package dev.recado.transport;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import org.jspecify.annotations.Nullable;

/**
 * What of a session's output is too large to be encoded at once: one thing at a time is under way, in slices, and
 * nothing else is written until it has ended. Counts the heap that large output holds, under way or waiting for its
 * turn. One session's, one owner.
 */
public final class LargeOutput {

    /** Slices of something large that a session writes before others of its loop have their turn. */
    public static final int SLICES_A_TURN = 4;

    private final ByteGauge gauge;
    private long heldBytes;
    private @Nullable UnderWay underWay;
    private boolean closed;
    private boolean wholeOnly;

    private record UnderWay(SlicedOutput slices, long heldBytes, Runnable onEnd) {}

    /** {@code gauge} is told of what is held here and in other sessions. */
    public LargeOutput(ByteGauge gauge) {
        this.gauge = gauge;
    }

    /** Counts {@code bytes} of heap that wait to be written, until {@link #begin} and the end of that, or the close. */
    public void hold(long bytes) {
        if (!closed) {
            heldBytes += bytes;
            gauge.add(bytes);
        }
    }

    /** What large output holds, under way or waiting. */
    public long heldBytes() {
        return heldBytes;
    }

    public boolean isUnderWay() {
        return underWay != null;
    }

    /** From now on no message is cut: a secure channel seals whole ones. */
    public void wholeOnly() {
        wholeOnly = true;
    }

    /** Whether a message of that length is written in slices. */
    public boolean takes(int messageBytes) {
        return !wholeOnly && Wire.isLarge(messageBytes);
    }

    /** Whether a message waits: behind something large, or until slices are no longer of {@code sliceBytes} only. */
    public boolean hasToWait(int messageBytes, int sliceBytes) {
        return isUnderWay() || !takes(messageBytes) && Wire.hasToWait(messageBytes, sliceBytes);
    }

    /**
     * Begins something, which goes on behind what was encoded so far.
     *
     * @param held what {@link #hold} counted for it
     * @param onEnd runs once its last byte is encoded; marks that it notes stand behind that byte
     */
    public void begin(SlicedOutput slices, long held, Runnable onEnd) {
        Check.that(underWay == null, "two large outputs at once");
        underWay = new UnderWay(slices, held, onEnd);
    }

    /** As {@link #begin} for something that was not counted yet. */
    public void holdAndBegin(SlicedOutput slices, long bytes, Runnable onEnd) {
        hold(bytes);
        begin(slices, bytes, onEnd);
    }

    /** Encodes what is under way, if anything is, until {@code out} holds {@code bytesMax}. */
    public void encode(ByteWriter out, int bytesMax) {
        UnderWay current = underWay;
        if (current == null || current.slices.next(out, bytesMax)) {
            return;
        }
        underWay = null;
        letGo(current.heldBytes);
        current.onEnd.run();
    }

    private void letGo(long bytes) {
        if (bytes > 0) {
            heldBytes -= bytes;
            gauge.add(-bytes);
        }
    }

    /** The session is over: nothing is held any more. Idempotent. */
    public void close() {
        closed = true;
        underWay = null;
        letGo(heldBytes);
    }
}
