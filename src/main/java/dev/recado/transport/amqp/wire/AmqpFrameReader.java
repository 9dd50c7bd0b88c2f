package dev.recado.transport.amqp.wire;

/**
 * Reads one frame where it lies, without copying:
 *
 * <pre>
 *  byte   type      1 method, 2 content header, 3 content body, 8 heartbeat
 *  short  channel   0 for the connection itself
 *  int    size      of the payload, unsigned
 *  bytes  payload
 *  byte   end       0xCE
 * </pre>
 *
 * <p>A cursor: what it found stands in its fields until the next call. It never throws for what a peer sent. Everything
 * that is malformed here ends the connection with {@link ReplyCode#FRAME_ERROR}.
 */
public final class AmqpFrameReader {

    public static final int METHOD = 1;
    public static final int HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;
    public static final int END = 0xCE;

    /** Bytes in front of a payload. */
    public static final int PRELUDE_BYTES = 7;
    /** Bytes of a frame beside its payload. */
    public static final int OVERHEAD_BYTES = PRELUDE_BYTES + 1;
    /** What a frame has at most before both sides agreed on more, and what both must take at least. */
    public static final int FRAME_BYTES_MIN = 4096;

    /** What {@link #read} found. */
    public enum Outcome {
        /** The frame is not complete; {@link #neededBytes} says how much it needs. */
        NEED_MORE,
        FRAME,
        /** {@link #problem} says why the stream cannot be trusted any more. */
        MALFORMED
    }

    private int type;
    private int channel;
    private int payloadStart;
    private int payloadLength;
    private int neededBytes;
    private boolean sized;
    private String problem = "";

    /**
     * Reads the frame that begins at {@code from} in {@code bytes[from, to)}. A frame is to have {@code frameBytesMax}
     * bytes at most; since clients count differently, its payload alone may have as many. The limit holds before the
     * payload is there.
     */
    public Outcome read(byte[] bytes, int from, int to, int frameBytesMax) {
        int available = to - from;
        sized = false;
        if (available < PRELUDE_BYTES) {
            neededBytes = PRELUDE_BYTES;
            return available > 0 && !isType(bytes[from]) ? malformedType(bytes[from]) : Outcome.NEED_MORE;
        }
        type = bytes[from];
        if (!isType(type)) {
            return malformedType(type);
        }
        channel = BigEndian.unsignedShort(bytes, from + 1);
        long size = BigEndian.unsignedInt(bytes, from + 3);
        if (size > Math.min(frameBytesMax, Integer.MAX_VALUE - OVERHEAD_BYTES)) {
            return malformed("a frame with a payload of " + size + " bytes, limit=" + frameBytesMax);
        }
        if (type == HEARTBEAT && (channel != 0 || size != 0)) {
            return malformed("a heartbeat with a channel or a payload");
        }
        sized = true;
        payloadStart = from + PRELUDE_BYTES;
        payloadLength = (int) size;
        neededBytes = OVERHEAD_BYTES + payloadLength;
        if (available < neededBytes) {
            return Outcome.NEED_MORE;
        }
        return bytes[payloadStart + payloadLength] == (byte) END
                ? Outcome.FRAME
                : malformed("a frame without its end byte");
    }

    private static boolean isType(int type) {
        return type >= METHOD && type <= BODY || type == HEARTBEAT;
    }

    private Outcome malformedType(int unknown) {
        return malformed("a frame of unknown type " + (unknown & 0xFF));
    }

    private Outcome malformed(String what) {
        sized = false;
        problem = what;
        return Outcome.MALFORMED;
    }

    /** {@link #METHOD}, {@link #HEADER}, {@link #BODY} or {@link #HEARTBEAT}. */
    public int type() {
        return type;
    }

    public int channel() {
        return channel;
    }

    public int payloadStart() {
        return payloadStart;
    }

    public int payloadLength() {
        return payloadLength;
    }

    /** Index behind the frame. */
    public int end() {
        return payloadStart + payloadLength + 1;
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
