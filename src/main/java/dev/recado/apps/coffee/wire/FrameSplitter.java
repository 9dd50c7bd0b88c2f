package dev.recado.apps.coffee.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames of {@link GatewayCodec} in bytes that come in pieces. What it holds never grows past one frame and
 * one piece. After it was malformed it finds nothing more and holds nothing. Not thread-safe: one owner.
 */
public final class FrameSplitter {

    private static final int FIRST_CAPACITY = 1 << 12;

    private final int lengthMax;
    private byte[] buffer = new byte[FIRST_CAPACITY];
    private int from;
    private int to;
    private boolean malformed;

    /** Takes frames of at most {@code lengthMax} bytes without their length. */
    public FrameSplitter(int lengthMax) {
        this.lengthMax = lengthMax;
    }

    /** Adds bytes that were read; all frames of the ones before should have been taken out. */
    public void feed(byte[] bytes, int offset, int length) {
        if (malformed) {
            return;
        }
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(to + length, 2 * to));
        }
        System.arraycopy(bytes, offset, buffer, to, length);
        to += length;
    }

    /** The next frame, or null: more bytes are needed, or they were {@link #isMalformed malformed}. */
    public @Nullable GatewayFrame next() {
        return next(lengthMax);
    }

    /** As {@link #next()}, where a frame of more than {@code bytesMax} without its length is malformed. */
    public @Nullable GatewayFrame next(int bytesMax) {
        if (malformed || to - from < GatewayCodec.LENGTH_BYTES) {
            return null;
        }
        int length = (buffer[from] & 0xFF) << 24
                | (buffer[from + 1] & 0xFF) << 16
                | (buffer[from + 2] & 0xFF) << 8
                | buffer[from + 3] & 0xFF;
        if (length < 1 || length > bytesMax) {
            malformed = true;
            return null;
        }
        if (to - from - GatewayCodec.LENGTH_BYTES < length) {
            return null;
        }
        GatewayFrame frame = GatewayCodec.decode(buffer, from + GatewayCodec.LENGTH_BYTES, length);
        from += GatewayCodec.LENGTH_BYTES + length;
        malformed = frame == null;
        return frame;
    }

    public boolean isMalformed() {
        return malformed;
    }
}
