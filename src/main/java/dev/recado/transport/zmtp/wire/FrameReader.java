package dev.recado.transport.zmtp.wire;

/**
 * Reads one frame where it lies, without copying:
 *
 * <pre>
 *  byte  flags    bit 0 MORE, bit 1 LONG, bit 2 COMMAND; the others are 0
 *  byte  size     0 to 255, or, if LONG, 8 bytes, most significant first
 *  bytes body
 * </pre>
 *
 * <p>A cursor: what it found stands in its fields until the next call. The long form of a short size is legal. It never
 * throws for what a peer sent.
 */
public final class FrameReader {

    public static final int MORE = 1;
    public static final int LONG = 2;
    public static final int COMMAND = 4;
    /** Bytes in front of a long body, the most that there are. */
    public static final int HEADER_BYTES_MAX = 9;

    private static final int HEADER_BYTES_SHORT = 2;
    private static final int RESERVED = ~(MORE | LONG | COMMAND) & 0xFF;

    /** What {@link #read} found. */
    public enum Outcome {
        /** The frame is not complete; {@link #neededBytes} says how much it needs. */
        NEED_MORE,
        FRAME,
        /** {@link #problem} says why the stream cannot be trusted any more. */
        MALFORMED
    }

    private int flags;
    private int bodyStart;
    private int bodyLength;
    private int neededBytes;
    private boolean sized;
    private String problem = "";

    /** Reads the frame that begins at {@code from} in {@code bytes[from, to)}; a body has a limit. */
    public Outcome read(byte[] bytes, int from, int to, int bodyBytesMax) {
        int available = to - from;
        sized = false;
        if (available < HEADER_BYTES_SHORT) {
            neededBytes = HEADER_BYTES_SHORT;
            return Outcome.NEED_MORE;
        }
        flags = bytes[from] & 0xFF;
        if ((flags & RESERVED) != 0) {
            return malformed("reserved bits in the flags of a frame");
        }
        if ((flags & COMMAND) != 0 && (flags & MORE) != 0) {
            return malformed("a command with MORE");
        }
        long size;
        if ((flags & LONG) == 0) {
            bodyStart = from + HEADER_BYTES_SHORT;
            size = bytes[from + 1] & 0xFF;
        } else {
            if (available < HEADER_BYTES_MAX) {
                neededBytes = HEADER_BYTES_MAX;
                return Outcome.NEED_MORE;
            }
            bodyStart = from + HEADER_BYTES_MAX;
            size = longAt(bytes, from + 1);
        }
        if (size < 0 || size > bodyBytesMax) {
            return malformed("a frame of " + Long.toUnsignedString(size) + " bytes, limit=" + bodyBytesMax);
        }
        sized = true;
        bodyLength = (int) size;
        neededBytes = bodyStart + bodyLength - from;
        return available < neededBytes ? Outcome.NEED_MORE : Outcome.FRAME;
    }

    private static long longAt(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }

    private Outcome malformed(String what) {
        problem = what;
        return Outcome.MALFORMED;
    }

    /** Whether another frame of the same message follows. */
    public boolean more() {
        return (flags & MORE) != 0;
    }

    public boolean command() {
        return (flags & COMMAND) != 0;
    }

    public int bodyStart() {
        return bodyStart;
    }

    public int bodyLength() {
        return bodyLength;
    }

    /** Index behind the frame. */
    public int end() {
        return bodyStart + bodyLength;
    }

    /** Bytes that the frame has, or needs to tell that, from its start. */
    public int neededBytes() {
        return neededBytes;
    }

    /** After {@link Outcome#NEED_MORE}: whether {@link #neededBytes} is the whole frame. */
    public boolean sized() {
        return sized;
    }

    /** What is malformed. */
    public String problem() {
        return problem;
    }
}
