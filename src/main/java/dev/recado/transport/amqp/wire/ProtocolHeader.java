package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import java.util.Arrays;

/**
 * The first eight bytes that a client sends:
 *
 * <pre>
 *  bytes  A M Q P
 *  bytes  0 0 9 1     id of the protocol, major, minor, revision
 * </pre>
 *
 * <p>Or, from clients of Perl (Net::AMQP) that speak 0-9-1 all the same, the header of 0-9:
 *
 * <pre>
 *  bytes  A M Q P
 *  bytes  1 1 0 9     class and instance of the protocol, major, minor
 * </pre>
 *
 * <p>Whoever sends anything else is told which header would do, by {@link #put}, and the connection is closed.
 */
public final class ProtocolHeader {

    public static final int BYTES = 8;

    private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

    private static final byte[] HEADER_OF_0_9 = {'A', 'M', 'Q', 'P', 1, 1, 0, 9};

    /** What {@link #read} found. */
    public enum Outcome {
        /** Nothing wrong so far. */
        NEED_MORE,
        AMQP_0_9_1,
        /** Another version or another protocol, known from the first byte that differs. */
        OTHER
    }

    private ProtocolHeader() {}

    /** Looks at {@code bytes[from, to)}, of which at most {@link #BYTES} matter. */
    public static Outcome read(byte[] bytes, int from, int to) {
        int available = Math.min(to - from, BYTES);
        if (!begins(HEADER, bytes, from, available) && !begins(HEADER_OF_0_9, bytes, from, available)) {
            return Outcome.OTHER;
        }
        return available == BYTES ? Outcome.AMQP_0_9_1 : Outcome.NEED_MORE;
    }

    private static boolean begins(byte[] header, byte[] bytes, int from, int length) {
        return Arrays.equals(header, 0, length, bytes, from, from + length);
    }

    /** The header that this side speaks. */
    public static void put(ByteWriter out) {
        out.put(HEADER);
    }
}
