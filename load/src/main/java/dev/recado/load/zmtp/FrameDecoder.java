package dev.recado.load.zmtp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a peer sends into frames.
 *
 * <pre>
 *   greeting   FF, 8 bytes, odd byte, major, minor, mechanism (20), as-server, 31 bytes
 *   frame      flags (1 MORE, 2 LONG, 4 COMMAND), size in 1 byte or in 8 if LONG, body
 *   command    a frame whose body is the length of a name, the name, and data
 *   message    frames with MORE, and one without
 * </pre>
 *
 * Limits are checked before anything is copied. It owns no buffer, does no I/O and never throws for what a peer sent;
 * one instance reads one stream.
 */
final class FrameDecoder {

    static final int GREETING_BYTES = 64;
    static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
    static final int PARTS_MAX = 64;

    private static final int MAJOR_AT = 10;
    private static final int MECHANISM_AT = 12;
    private static final int MECHANISM_BYTES = 20;
    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;
    private static final int SHORT_HEADER_BYTES = 2;
    private static final int LONG_HEADER_BYTES = 9;

    private final List<byte[]> parts = new ArrayList<>();
    private int partsBytes;
    private boolean greeted;
    private boolean broken;

    /** Takes the next frame out of {@code in}; null where more bytes are needed. */
    @Nullable
    Frame next(ByteBuf in) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return null;
        }
        if (!greeted) {
            return nextGreeting(in);
        }
        while (true) {
            int at = in.readerIndex();
            if (in.readableBytes() < SHORT_HEADER_BYTES) {
                return null;
            }
            int flags = in.getByte(at);
            boolean wide = (flags & LONG) != 0;
            int headerBytes = wide ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES;
            if ((flags & ~(MORE | LONG | COMMAND)) != 0 || (flags & MORE) != 0 && (flags & COMMAND) != 0) {
                return malformed("flags " + flags);
            }
            if (in.readableBytes() < headerBytes) {
                return null;
            }
            long size = wide ? in.getLong(at + 1) : in.getUnsignedByte(at + 1);
            if (size < 0 || size > MESSAGE_BYTES_MAX - partsBytes || parts.size() == PARTS_MAX) {
                return malformed("message too large: bytes=" + size + " parts=" + parts.size());
            }
            if (in.readableBytes() < headerBytes + size) {
                return null;
            }
            byte[] body = new byte[(int) size];
            in.skipBytes(headerBytes).readBytes(body);
            Frame frame = (flags & COMMAND) != 0 ? command(body) : part(body, (flags & MORE) != 0);
            if (frame != null) {
                return frame;
            }
        }
    }

    private @Nullable Frame nextGreeting(ByteBuf in) {
        int at = in.readerIndex();
        if (in.isReadable() && in.getUnsignedByte(at) != 0xFF) {
            return malformed("not a greeting of ZMTP");
        }
        if (in.readableBytes() < GREETING_BYTES) {
            return null;
        }
        greeted = true;
        int length = 0;
        while (length < MECHANISM_BYTES && in.getByte(at + MECHANISM_AT + length) != 0) {
            length++;
        }
        String mechanism = in.toString(at + MECHANISM_AT, length, StandardCharsets.US_ASCII);
        int major = in.getByte(at + MAJOR_AT);
        in.skipBytes(GREETING_BYTES);
        return new Frame.Greeting(major, mechanism);
    }

    private Frame command(byte[] body) {
        int nameLength = body.length > 0 ? body[0] & 0xFF : 0;
        if (nameLength == 0 || 1 + nameLength > body.length || !parts.isEmpty()) {
            return malformed("a command without a name or within a message");
        }
        byte[] data = new byte[body.length - 1 - nameLength];
        System.arraycopy(body, 1 + nameLength, data, 0, data.length);
        return new Frame.Command(new String(body, 1, nameLength, StandardCharsets.US_ASCII), data);
    }

    private @Nullable Frame part(byte[] body, boolean more) {
        parts.add(body);
        partsBytes += body.length;
        if (more) {
            return null;
        }
        Frame.Message message = new Frame.Message(List.copyOf(parts));
        parts.clear();
        partsBytes = 0;
        return message;
    }

    private Frame malformed(String why) {
        broken = true;
        return new Frame.Malformed(why);
    }
}
