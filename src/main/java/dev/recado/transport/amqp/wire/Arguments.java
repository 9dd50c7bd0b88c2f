package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the payload of a method frame, one argument after the other:
 *
 * <pre>
 *  int    key          class and method, see {@link MethodId#key}
 *  octet, short, long, longlong, timestamp
 *                      1, 2, 4, 8 and 8 bytes, unsigned
 *  bits                up to eight in one byte, the first one lowest
 *  shortstr            length as one byte, UTF-8
 *  longstr             length as four bytes, any bytes
 *  table               length as four bytes, fields as in {@link FieldTable}
 * </pre>
 *
 * <p>It never reads outside the payload and never throws for what a peer sent: what is missing reads as zero or empty
 * and turns {@link #failed} on for good. At the end {@link #consumed} tells whether all was good and nothing is left;
 * if not, {@link #problem} says why, and the connection ends with {@link ReplyCode#SYNTAX_ERROR}. A cursor; one owner.
 */
public final class Arguments {

    private static final int BITS_OF_OCTET = 8;
    private static final byte[] NOTHING = {};

    private final ByteReader in = new ByteReader();
    private int bits;
    private int bitsLeft;
    private int sliceStart;
    private int sliceLength;
    private String wrongValue = "";

    /** Starts over with the payload of a method frame; answers the method's {@link MethodId#key}, 0 without one. */
    public int open(byte[] bytes, int from, int length) {
        in.wrap(bytes, from, length);
        bitsLeft = 0;
        wrongValue = "";
        return in.readInt();
    }

    public int octet() {
        bitsLeft = 0;
        return in.readByte();
    }

    public int unsignedShort() {
        bitsLeft = 0;
        return in.readShort();
    }

    public long unsignedInt() {
        bitsLeft = 0;
        return in.readInt() & 0xFFFF_FFFFL;
    }

    /** A longlong; one above {@link Long#MAX_VALUE} reads as negative. */
    public long longLong() {
        bitsLeft = 0;
        return in.readLong();
    }

    public boolean bit() {
        if (bitsLeft == 0) {
            bits = in.readByte();
            bitsLeft = BITS_OF_OCTET;
        }
        boolean set = (bits & 1) != 0;
        bits >>= 1;
        bitsLeft--;
        return set;
    }

    /** Passes a shortstr, which {@link #sliceStart} and {@link #sliceLength} tell of; it must be UTF-8. */
    public void shortSlice() {
        bitsLeft = 0;
        int length = in.readByte();
        sliceStart = in.skip(length);
        sliceLength = in.failed() ? 0 : length;
        if (!Utf8.isValid(in.array(), sliceStart, sliceLength)) {
            wrong("a short string that is not UTF-8");
            sliceLength = 0;
        }
    }

    public String shortString() {
        shortSlice();
        return sliceLength == 0 ? "" : new String(in.array(), sliceStart, sliceLength, StandardCharsets.UTF_8);
    }

    /** A copy of a longstr, which is no longer than the payload. */
    public byte[] longString() {
        longSlice();
        return sliceLength == 0 ? NOTHING : Arrays.copyOfRange(in.array(), sliceStart, sliceStart + sliceLength);
    }

    /** A copy of a table, checked; empty where it is malformed. */
    public FieldTable table() {
        longSlice();
        String problem = FieldTable.problem(in.array(), sliceStart, sliceLength);
        if (problem != null) {
            wrong(problem);
            return FieldTable.EMPTY;
        }
        return sliceLength == 0
                ? FieldTable.EMPTY
                : FieldTable.checked(
                        Arrays.copyOfRange(in.array(), sliceStart, sliceStart + sliceLength), 0, sliceLength);
    }

    private void longSlice() {
        bitsLeft = 0;
        int length = in.readInt();
        sliceStart = in.skip(length);
        sliceLength = in.failed() ? 0 : length;
    }

    private void wrong(String what) {
        if (wrongValue.isEmpty()) {
            wrongValue = what;
        }
    }

    /** The array that the payload lies in. */
    public byte[] bytes() {
        return in.array();
    }

    /** Where the next argument begins, bits aside. */
    int position() {
        return in.position();
    }

    public int sliceStart() {
        return sliceStart;
    }

    public int sliceLength() {
        return sliceLength;
    }

    /** Whether something was missing or had no possible value. */
    public boolean failed() {
        return in.failed() || !wrongValue.isEmpty();
    }

    /** Whether all arguments were good and nothing is left over. */
    public boolean consumed() {
        return wrongValue.isEmpty() && in.consumed();
    }

    /** What is wrong where {@link #consumed} is false. */
    public String problem() {
        if (!wrongValue.isEmpty()) {
            return wrongValue;
        }
        return in.failed() ? "arguments end early" : in.consumed() ? "" : "bytes behind the arguments";
    }
}
