package dev.recado.transport.zmtp;

/**
 * Who is at the other end, as its greeting and its READY say.
 *
 * @param socketType in capitals, as in {@code DEALER}
 * @param identity empty where it has none
 * @param major 2 or 3
 * @param minor of version 3: 0 or 1
 */
record Peer(String socketType, byte[] identity, int major, int minor) {

    /** Whether it knows PING, and SUBSCRIBE as a command. */
    boolean knowsCommands() {
        return major > 3 || major == 3 && minor >= 1;
    }
}
