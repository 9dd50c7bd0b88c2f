package dev.recado.load.text;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a broker sends into frames.
 *
 * <pre>
 *   reply, push   line LF
 *   message       MSG:sid:id:attempt:bytes LF payload LF
 *                 MSG:sid:id:attempt:key:headers:bytes LF payload LF
 * </pre>
 *
 * A CR before the LF is ignored. Limits are checked before anything is copied. It owns no buffer, does no I/O and never
 * throws for what a peer sent; one instance reads one stream.
 */
final class FrameDecoder {

    static final int LINE_BYTES_MAX = 64 * 1024;
    static final int PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;

    private static final int PLAIN_FIELDS = 5;
    private static final int KEYED_FIELDS = 7;

    /** The delivery whose payload is still to come. */
    private @Nullable Head head;

    private boolean broken;

    private record Head(int sid, String id, int attempt, int payloadBytes) {}

    /**
     * Takes the next frame out of {@code in}.
     *
     * @return null where more bytes are needed; what was read until then is remembered
     */
    @Nullable
    Frame next(ByteBuf in) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return null;
        }
        if (head == null) {
            Frame frame = nextLine(in);
            if (frame != null || head == null) {
                return frame;
            }
        }
        return nextPayload(in, head);
    }

    private @Nullable Frame nextLine(ByteBuf in) {
        int lineBytes = in.bytesBefore(Math.min(in.readableBytes(), LINE_BYTES_MAX + 1), (byte) '\n');
        if (lineBytes < 0) {
            return in.readableBytes() > LINE_BYTES_MAX ? malformed("line longer than " + LINE_BYTES_MAX) : null;
        }
        String line = in.readCharSequence(lineBytes, StandardCharsets.UTF_8).toString();
        in.skipBytes(1);
        if (line.endsWith("\r")) {
            line = line.substring(0, line.length() - 1);
        }
        if (line.startsWith("MSG:")) {
            return onDelivery(line);
        }
        boolean pushed = line.startsWith("NOTIFY:") || line.startsWith("END:");
        return pushed ? new Frame.Push(line) : new Frame.Reply(line);
    }

    /** Remembers the head of a delivery; a frame only where it is malformed. */
    private @Nullable Frame onDelivery(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length != PLAIN_FIELDS && fields.length != KEYED_FIELDS) {
            return malformed("delivery of " + fields.length + " fields");
        }
        int sid = count(fields[1], Integer.MAX_VALUE);
        int attempt = count(fields[3], Integer.MAX_VALUE);
        int payloadBytes = count(fields[fields.length - 1], PAYLOAD_BYTES_MAX);
        if (sid < 0 || attempt < 0 || payloadBytes < 0) {
            return malformed("delivery with a bad number: " + line);
        }
        head = new Head(sid, fields[2], attempt, payloadBytes);
        return null;
    }

    private @Nullable Frame nextPayload(ByteBuf in, Head expected) {
        if (in.readableBytes() < expected.payloadBytes() + 1) {
            return null;
        }
        int end = in.readerIndex() + expected.payloadBytes();
        boolean returned = in.getByte(end) == '\r';
        if (returned && in.readableBytes() < expected.payloadBytes() + 2) {
            return null;
        }
        if (in.getByte(returned ? end + 1 : end) != '\n') {
            return malformed("no line end after a payload");
        }
        byte[] payload = new byte[expected.payloadBytes()];
        in.readBytes(payload);
        in.skipBytes(returned ? 2 : 1);
        head = null;
        return new Frame.Message(expected.sid(), expected.id(), expected.attempt(), payload);
    }

    private Frame malformed(String why) {
        broken = true;
        return new Frame.Malformed(why);
    }

    /** The number that these digits spell, or -1 where they do not or it is above {@code max}. */
    private static int count(String digits, int max) {
        if (digits.isEmpty() || digits.length() > 10) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = value * 10 + (digit - '0');
        }
        return value <= max ? (int) value : -1;
    }
}
