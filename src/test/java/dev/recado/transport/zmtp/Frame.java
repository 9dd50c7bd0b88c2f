package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.zmtp.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Frames as text: a message is {@code [one][two]}, a command {@code /PING \x00\x1e}. What is no printable ASCII, a
 * bracket or a backslash is {@code \xNN}.
 */
final class Frame {

    private static final HexFormat HEX = HexFormat.of();

    private Frame() {}

    static byte[] bytes(String text) {
        ByteWriter out = new ByteWriter(32);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                out.put(Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                out.put(text.charAt(i));
            }
        }
        return out.toByteArray();
    }

    static String text(byte[] bytes, int from, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + length; i++) {
            int b = bytes[i] & 0xFF;
            if (b >= ' ' && b < 127 && "[]\\".indexOf(b) < 0) {
                text.append((char) b);
            } else {
                text.append("\\x").append(HEX.toHexDigits((byte) b));
            }
        }
        return text.toString();
    }

    /** The frames of a message. */
    static List<byte[]> split(String text) {
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < text.length(); at = text.indexOf(']', at) + 1) {
            frames.add(bytes(text.substring(at + 1, text.indexOf(']', at))));
        }
        return frames;
    }

    /** What is written of it to a wire. */
    static byte[] wire(String text) {
        ByteWriter out = new ByteWriter(64);
        if (text.startsWith("/")) {
            int space = text.indexOf(' ');
            byte[] data = bytes(space < 0 ? "" : text.substring(space + 1));
            Frames.putCommand(out, text.substring(1, space < 0 ? text.length() : space), data, 0, data.length);
            return out.toByteArray();
        }
        List<byte[]> frames = split(text);
        for (int i = 0; i < frames.size(); i++) {
            Frames.put(out, i < frames.size() - 1, frames.get(i), 0, frames.get(i).length);
        }
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The message or command that a decoder found. */
    static String found(MessageDecoder decoder, boolean command) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < decoder.frameCount(); i++) {
            String frame = text(decoder.bytes(), decoder.start(i), decoder.length(i));
            text.append(command ? "/" + frame : "[" + frame + "]");
        }
        return text.toString();
    }
}
