package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;

/**
 * Splits a body into frames without copying it. Each {@link #next} writes what stands between two pieces and shows the
 * piece, which the caller puts behind it or lends to the socket:
 *
 * <pre>
 *  while (frames.next(out)) {
 *      out.put(body, frames.pieceStart(), frames.pieceLength());
 *  }
 * </pre>
 *
 * <p>A body without bytes has no frame. A cursor; one owner.
 */
public final class BodyFrames {

    /** The most that {@link #next} writes: the end of a frame and the start of another. */
    public static final int STEP_BYTES_MAX = AmqpFrameReader.OVERHEAD_BYTES;

    private int channel;
    private int pieceBytesMax;
    private int pieceStart;
    private int pieceLength;
    private int end;
    private boolean open;

    /** Starts over for the body in {@code [from, from + length)} and frames of {@code frameBytesMax} bytes at most. */
    public BodyFrames start(int ofChannel, int from, int length, int frameBytesMax) {
        Check.that(frameBytesMax > AmqpFrameReader.OVERHEAD_BYTES, "no room in a frame", frameBytesMax);
        channel = ofChannel;
        pieceBytesMax = frameBytesMax - AmqpFrameReader.OVERHEAD_BYTES;
        pieceStart = from;
        pieceLength = 0;
        end = from + length;
        open = false;
        return this;
    }

    /** Goes on to the next piece; false where the last one is written and its frame ended. */
    public boolean next(ByteWriter out) {
        if (open) {
            out.put(AmqpFrameReader.END);
        }
        pieceStart += pieceLength;
        pieceLength = Math.min(pieceBytesMax, end - pieceStart);
        open = pieceLength > 0;
        if (open) {
            AmqpFrames.putPrelude(out, AmqpFrameReader.BODY, channel, pieceLength);
        }
        return open;
    }

    /** Where the piece begins, in the array of the body. */
    public int pieceStart() {
        return pieceStart;
    }

    public int pieceLength() {
        return pieceLength;
    }

    /** Bytes that all frames of a body take. */
    public static long framedBytes(int length, int frameBytesMax) {
        int piece = frameBytesMax - AmqpFrameReader.OVERHEAD_BYTES;
        long frames = ((long) length + piece - 1) / piece;
        return length + frames * AmqpFrameReader.OVERHEAD_BYTES;
    }

    /** All frames of a body, its bytes copied. */
    public void putAll(ByteWriter out, byte[] body) {
        while (next(out)) {
            out.put(body, pieceStart, pieceLength);
        }
    }
}
