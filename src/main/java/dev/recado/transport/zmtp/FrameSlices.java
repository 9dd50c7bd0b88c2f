package dev.recado.transport.zmtp;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.MessageView;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.Frames;

/** The frames of one stored message, as {@link Parts} maps them, in slices. One owner. */
final class FrameSlices implements SlicedOutput {

    private final byte[] bytes;
    private final int keyStart;
    private final int payloadLength;
    /** The lengths of the parts still to come. */
    private final ByteReader lengths = new ByteReader();

    private final boolean hasParts;
    private int keyLength;
    private int framesLeft;
    /** What is left of the frame under way. */
    private int at;

    private int end;
    /** Where the next part begins. */
    private int nextBody;

    /** Keeps nothing of {@code message} but its array. */
    FrameSlices(MessageView message) {
        bytes = message.bytes;
        keyStart = message.keyStart;
        keyLength = message.keyLength;
        payloadLength = message.payloadLength;
        hasParts = message.partCount > 0;
        framesLeft = Math.max(1, message.partCount);
        if (hasParts) {
            lengths.wrap(bytes, message.partsStart, message.payloadStart - message.partsStart);
        }
        nextBody = message.payloadStart;
    }

    @Override
    public boolean next(ByteWriter out, int bytesMax) {
        while (true) {
            int count = Math.min(end - at, bytesMax - out.size());
            if (count > 0) {
                out.put(bytes, at, count);
                at += count;
            }
            if (at < end) {
                return true;
            }
            if (keyLength == 0 && framesLeft == 0) {
                return false;
            }
            if (bytesMax - out.size() < FrameReader.HEADER_BYTES_MAX) {
                return true;
            }
            beginFrame(out);
        }
    }

    private void beginFrame(ByteWriter out) {
        if (keyLength > 0) {
            Frames.putHeader(out, true, keyLength);
            at = keyStart;
            end = keyStart + keyLength;
            keyLength = 0;
            return;
        }
        int length = hasParts ? lengths.readVarInt(Integer.MAX_VALUE) : payloadLength;
        framesLeft--;
        Frames.putHeader(out, framesLeft > 0, length);
        at = nextBody;
        end = nextBody + length;
        nextBody = end;
    }
}
