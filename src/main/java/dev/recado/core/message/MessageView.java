package dev.recado.core.message;

import dev.recado.base.ByteReader;
import java.nio.charset.StandardCharsets;

/**
 * One stored message seen as slices of the array that holds it. A flyweight: valid until it is read into again; who
 * keeps something of it copies. One owner.
 */
public final class MessageView {

    private static final byte[] NOTHING = {};

    public byte[] bytes = NOTHING;
    public int keyStart;
    public int keyLength;
    public int headersStart;
    public int headersLength;
    public int payloadStart;
    public int payloadLength;
    public int nativeCodec;
    public int nativeStart;
    public int nativeLength;
    public int partCount;
    /** Index of the varints that hold the parts' lengths. */
    public int partsStart;

    public int priority;
    /** Milliseconds from the publish time, or -1 for never. */
    public long ttlMs;

    public long deliverAtMs;

    private final ByteReader reader = new ByteReader();

    /**
     * Reads the message whose length field is at {@code at}.
     *
     * @return false where its fields do not hold together
     */
    public boolean read(byte[] source, int at) {
        return MessageLayout.read(source, at, this, reader);
    }

    /** Lets go of the array: who looks at messages now and then calls it when it has looked. */
    public void forget() {
        clear();
        bytes = NOTHING;
        reader.wrap(NOTHING, 0, 0);
    }

    public String keyText() {
        return new String(bytes, keyStart, keyLength, StandardCharsets.UTF_8);
    }

    public String payloadText() {
        return new String(bytes, payloadStart, payloadLength, StandardCharsets.UTF_8);
    }

    /** Fills {@code draft} with this message's slices, to publish it again elsewhere. */
    public void copyTo(Draft draft) {
        draft.clear().key(bytes, keyStart, keyLength).headers(bytes, headersStart, headersLength);
        draft.payload(bytes, payloadStart, payloadLength);
        draft.nativeCodec = nativeCodec;
        draft.nativeBytes = bytes;
        draft.nativeStart = nativeStart;
        draft.nativeLength = nativeLength;
        draft.priority = priority;
        draft.ttlMs = ttlMs;
        draft.deliverAtMs = deliverAtMs;
        if (partCount > 0) {
            int[] lengths = new int[partCount];
            reader.wrap(bytes, partsStart, payloadStart - partsStart);
            for (int i = 0; i < partCount; i++) {
                lengths[i] = reader.readVarInt(Integer.MAX_VALUE);
            }
            draft.partCount = partCount;
            draft.partLengths = lengths;
        }
    }

    void clear() {
        keyStart = 0;
        keyLength = 0;
        headersStart = 0;
        headersLength = 0;
        nativeCodec = 0;
        nativeStart = 0;
        nativeLength = 0;
        partCount = 0;
        partsStart = 0;
        priority = 0;
        ttlMs = -1;
        deliverAtMs = 0;
    }
}
