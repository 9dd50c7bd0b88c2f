package dev.recado.load.zmtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What sockets send, as it goes over the wire. Every buffer belongs to the caller, who writes it to a channel. */
final class Words {

    private static final int SHORT_BODY_BYTES_MAX = 255;
    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;
    private static final String SOCKET_TYPE = "Socket-Type";
    private static final String IDENTITY = "Identity";

    private Words() {}

    /** Greeting and READY at once: nothing in them depends on what the peer says. */
    static ByteBuf greeting(SocketType type) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(0xFF).writeLong(1).writeByte(0x7F).writeByte(3).writeByte(1);
        ascii(out, "NULL");
        out.writeZero(FrameDecoder.GREETING_BYTES - out.readableBytes());
        ByteBuf metadata = Unpooled.buffer();
        property(metadata, SOCKET_TYPE, type.name());
        if (type.hasIdentity()) {
            property(metadata, IDENTITY, "");
        }
        byte[] data = new byte[metadata.readableBytes()];
        metadata.readBytes(data).release();
        return command(out, "READY", data);
    }

    private static void property(ByteBuf out, String name, String value) {
        out.writeByte(name.length());
        ascii(out, name);
        out.writeInt(value.length());
        ascii(out, value);
    }

    static ByteBuf command(String name, byte[] data) {
        return command(Unpooled.buffer(), name, data);
    }

    private static ByteBuf command(ByteBuf out, String name, byte[] data) {
        header(out, COMMAND, 1 + name.length() + data.length);
        out.writeByte(name.length());
        ascii(out, name);
        return out.writeBytes(data);
    }

    static ByteBuf message(List<byte[]> parts) {
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < parts.size(); i++) {
            header(out, i < parts.size() - 1 ? MORE : 0, parts.get(i).length);
            out.writeBytes(parts.get(i));
        }
        return out;
    }

    private static void header(ByteBuf out, int flags, int length) {
        if (length <= SHORT_BODY_BYTES_MAX) {
            out.writeByte(flags).writeByte(length);
        } else {
            out.writeByte(flags | LONG).writeLong(length);
        }
    }

    private static void ascii(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    /** The socket type in the data of a READY, in capitals; empty where there is none or it is malformed. */
    static String socketType(byte[] data) {
        ByteBuf in = Unpooled.wrappedBuffer(data);
        while (in.isReadable()) {
            int nameLength = in.readUnsignedByte();
            if (in.readableBytes() < nameLength + Integer.BYTES) {
                return "";
            }
            String name =
                    in.readCharSequence(nameLength, StandardCharsets.US_ASCII).toString();
            int valueLength = in.readInt();
            if (valueLength < 0 || valueLength > in.readableBytes()) {
                return "";
            }
            String value =
                    in.readCharSequence(valueLength, StandardCharsets.US_ASCII).toString();
            if (name.equalsIgnoreCase(SOCKET_TYPE)) {
                return value.toUpperCase(Locale.ROOT);
            }
        }
        return "";
    }
}
