package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import java.util.HexFormat;

/** Bytes as the specification draws them. */
final class Hex {

    private Hex() {}

    /** Bytes of pairs of digits; blanks do not count. */
    static byte[] bytes(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }

    static String of(ByteWriter out) {
        return HexFormat.of().formatHex(out.array(), 0, out.size());
    }

    static String of(byte[] bytes, int from, int length) {
        return HexFormat.of().formatHex(bytes, from, from + length);
    }

    /** Without its blanks, to compare. */
    static String plain(String digits) {
        return digits.replaceAll("\\s", "");
    }
}
