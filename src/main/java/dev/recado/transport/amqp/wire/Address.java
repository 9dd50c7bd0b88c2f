package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;

/**
 * Exchange and routing key of a message. They stand side by side in each method that has both, so that they are kept
 * and written as one slice:
 *
 * <pre>
 *  shortstr  exchange
 *  shortstr  routing key
 * </pre>
 *
 * <p>A cursor over an array that somebody else holds; one owner.
 */
public final class Address {

    /** The longest there is. */
    public static final int BYTES_MAX = 2 * (1 + ShortString.BYTES_MAX);

    private static final byte[] EMPTY = {0, 0};

    private byte[] bytes = EMPTY;
    private int start;
    private int exchangeLength;
    private int routingKeyLength;

    /** An address with an array of its own; each part has at most {@link ShortString#BYTES_MAX} bytes as UTF-8. */
    public static Address of(String exchange, String routingKey) {
        ByteWriter out = new ByteWriter(2 + exchange.length() + routingKey.length());
        ShortString.put(out, exchange);
        ShortString.put(out, routingKey);
        return new Address().wrap(out.array(), 0, out.size());
    }

    /** Starts over with a slice that {@link #put} wrote. */
    public Address wrap(byte[] array, int from, int length) {
        int exchange = length < 2 ? 0 : array[from] & 0xFF;
        int key = exchange + 2 > length ? -1 : array[from + 1 + exchange] & 0xFF;
        Check.that(key >= 0 && 2 + exchange + key == length, "no exchange and routing key", from, length);
        bytes = array;
        start = from;
        exchangeLength = exchange;
        routingKeyLength = key;
        return this;
    }

    /** Starts over with the next two arguments; it is empty where {@link Arguments#failed}. */
    void read(Arguments in) {
        start = in.position();
        in.shortSlice();
        exchangeLength = in.sliceLength();
        in.shortSlice();
        routingKeyLength = in.sliceLength();
        bytes = in.bytes();
        if (in.failed()) {
            forget();
        }
    }

    /** Lets go of the array. */
    public void forget() {
        bytes = EMPTY;
        start = 0;
        exchangeLength = 0;
        routingKeyLength = 0;
    }

    public void put(ByteWriter out) {
        out.put(bytes, start, length());
    }

    /** The array that it lies in. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the slice of both begins. */
    public int start() {
        return start;
    }

    /** Length of the slice of both. */
    public int length() {
        return 2 + exchangeLength + routingKeyLength;
    }

    public int exchangeStart() {
        return start + 1;
    }

    public int exchangeLength() {
        return exchangeLength;
    }

    public int routingKeyStart() {
        return start + 2 + exchangeLength;
    }

    public int routingKeyLength() {
        return routingKeyLength;
    }

    public String exchange() {
        return new String(bytes, exchangeStart(), exchangeLength, StandardCharsets.UTF_8);
    }

    public String routingKey() {
        return new String(bytes, routingKeyStart(), routingKeyLength, StandardCharsets.UTF_8);
    }
}
