package dev.recado.transport.zmtp.wire;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;

/** Writes frames as {@link FrameReader} reads them. */
public final class Frames {

    private static final int SHORT_BODY_BYTES_MAX = 255;

    private Frames() {}

    /** The header of a frame of a message, whose {@code length} bytes follow. */
    public static void putHeader(ByteWriter out, boolean more, int length) {
        putHeader(out, more ? FrameReader.MORE : 0, length);
    }

    /** One frame with these flags of {@link FrameReader}, MORE or COMMAND. */
    public static void put(ByteWriter out, int flags, byte[] bytes, int from, int length) {
        putHeader(out, flags, length);
        out.put(bytes, from, length);
    }

    /** A command whose body is there already, its name in front. */
    public static void putCommandBody(ByteWriter out, byte[] body, int from, int length) {
        put(out, FrameReader.COMMAND, body, from, length);
    }

    private static void putHeader(ByteWriter out, int flags, int length) {
        if (length <= SHORT_BODY_BYTES_MAX) {
            out.put(flags).put(length);
        } else {
            out.put(flags | FrameReader.LONG).putLong(length);
        }
    }

    /** Bytes that {@link #putHeader} takes. */
    public static int headerBytes(int length) {
        return length <= SHORT_BODY_BYTES_MAX ? 2 : FrameReader.HEADER_BYTES_MAX;
    }

    /** One frame of a message. */
    public static void put(ByteWriter out, boolean more, byte[] bytes, int from, int length) {
        putHeader(out, more, length);
        out.put(bytes, from, length);
    }

    /** A command: its name behind a length byte, then its data. */
    public static void putCommand(ByteWriter out, String name, byte[] data, int from, int length) {
        putHeader(out, FrameReader.COMMAND, 1 + name.length() + length);
        out.put(name.length()).putAscii(name).put(data, from, length);
    }

    /** The command ERROR with its reason, of which at most 255 bytes are told. */
    public static void putError(ByteWriter out, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(text.length, SHORT_BODY_BYTES_MAX);
        putHeader(out, FrameReader.COMMAND, 1 + Command.ERROR.length() + 1 + length);
        out.put(Command.ERROR.length()).putAscii(Command.ERROR).put(length).put(text, 0, length);
    }
}
