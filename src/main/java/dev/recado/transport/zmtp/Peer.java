package dev.recado.transport.zmtp;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Who is at the other end, as its greeting and its READY say.
 *
 * @param socketType in capitals, as in {@code DEALER}
 * @param identity empty where it has none
 * @param major 2 or 3
 * @param minor of version 3: 0 or 1
 */
record Peer(String socketType, byte[] identity, int major, int minor) {

    /** Its identity for people: as text where it is some, else in hexadecimal; empty where it has none. */
    String name() {
        for (byte b : identity) {
            if (b < ' ' || b > '~') {
                return "0x" + HexFormat.of().formatHex(identity);
            }
        }
        return new String(identity, StandardCharsets.US_ASCII);
    }

    /** Whether it knows PING, and SUBSCRIBE as a command. */
    boolean knowsCommands() {
        return major > 3 || major == 3 && minor >= 1;
    }
}
