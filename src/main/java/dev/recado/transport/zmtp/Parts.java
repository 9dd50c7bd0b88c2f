package dev.recado.transport.zmtp;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.zmtp.wire.Frames;
import java.util.Arrays;

/**
 * The mapping between the frames of ZeroMQ and the messages of everybody else, the same in every role and without loss
 * in both directions:
 *
 * <pre>
 *  frames               key     payload          parts
 *  [body]               –       body             –
 *  [key][body]          key     body             –
 *  [key][a][b]…         key     a b …            a, b, …
 *  [][a]…               –       a …              empty, a, …     an empty first frame is no key
 * </pre>
 *
 * <p>What a subscription is compared with is the first frame: the key, or the first part of a message without one.
 * Owned by a loop, whose sessions share its scratch.
 */
final class Parts {

    private static final byte[] NOTHING = {};

    private final ByteReader reader = new ByteReader();
    private int[] lengths = new int[8];

    /**
     * Fills {@code draft} with the frames of a message from number {@code first} on; payloads of several frames are
     * joined in {@code scratch}.
     */
    void toDraft(MessageDecoder message, int first, Draft draft, ByteWriter scratch) {
        int frames = message.frameCount() - first;
        byte[] bytes = message.bytes();
        if (frames == 1) {
            draft.payload(bytes, message.start(first), message.length(first));
            return;
        }
        int from = first;
        if (message.length(first) > 0) {
            draft.key(bytes, message.start(first), message.length(first));
            from++;
            if (frames == 2) {
                draft.payload(bytes, message.start(from), message.length(from));
                return;
            }
        }
        toAnswer(message, from, draft, scratch);
    }

    /** As {@link #toDraft}, every frame a part, no key: an answer whose frames are to come out as they went in. */
    void toAnswer(MessageDecoder message, int first, Draft draft, ByteWriter scratch) {
        int count = message.frameCount() - first;
        if (count > lengths.length) {
            lengths = new int[Math.max(count, lengths.length * 2)];
        }
        int start = scratch.size();
        for (int i = 0; i < count; i++) {
            lengths[i] = message.length(first + i);
            scratch.put(message.bytes(), message.start(first + i), lengths[i]);
        }
        draft.payload(scratch.array(), start, scratch.size() - start);
        draft.partCount = count;
        draft.partLengths = lengths;
    }

    /** Appends the frames of a stored message. */
    void toFrames(MessageView message, ByteWriter out) {
        if (message.keyLength > 0) {
            Frames.put(out, true, message.bytes, message.keyStart, message.keyLength);
        }
        if (message.partCount == 0) {
            Frames.put(out, false, message.bytes, message.payloadStart, message.payloadLength);
            return;
        }
        reader.wrap(message.bytes, message.partsStart, message.payloadStart - message.partsStart);
        int at = message.payloadStart;
        for (int left = message.partCount; left > 0; left--) {
            int length = reader.readVarInt(Integer.MAX_VALUE);
            Frames.put(out, left > 1, message.bytes, at, length);
            at += length;
        }
    }

    /** As {@link #toFrames} for a message that is large: the frames in slices, of the array that holds it. */
    static SlicedOutput toSlices(MessageView message) {
        return new FrameSlices(message);
    }

    /** Whether a frame before the last one is empty, as the one is that ends an envelope. */
    boolean hasDelimiter(MessageView message) {
        reader.wrap(message.bytes, message.partsStart, message.payloadStart - message.partsStart);
        for (int left = message.partCount; left > 1; left--) {
            if (reader.readVarInt(Integer.MAX_VALUE) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of the first frame of a stored message, which begin at {@link #firstStart}. */
    int firstLength(MessageView message) {
        if (message.keyLength > 0) {
            return message.keyLength;
        }
        if (message.partCount == 0) {
            return message.payloadLength;
        }
        reader.wrap(message.bytes, message.partsStart, message.payloadStart - message.partsStart);
        return reader.readVarInt(Integer.MAX_VALUE);
    }

    static int firstStart(MessageView message) {
        return message.keyLength > 0 ? message.keyStart : message.payloadStart;
    }

    /** Forgets what a message of very many frames left behind. */
    void trim() {
        reader.wrap(NOTHING, 0, 0);
        if (lengths.length > 1024) {
            lengths = Arrays.copyOf(lengths, 8);
        }
    }
}
