package dev.recado.transport.zmtp.wire;

import java.nio.charset.StandardCharsets;

/** The names of ZMTP's commands, and how the body of a command frame is taken apart. A cursor; one owner. */
public final class Command {

    public static final String HELLO = "HELLO";
    public static final String WELCOME = "WELCOME";
    public static final String INITIATE = "INITIATE";
    public static final String READY = "READY";
    public static final String ERROR = "ERROR";
    public static final String MESSAGE = "MESSAGE";
    public static final String SUBSCRIBE = "SUBSCRIBE";
    public static final String CANCEL = "CANCEL";
    public static final String PING = "PING";
    public static final String PONG = "PONG";
    /** Bytes of a PING's context, which its PONG repeats. */
    public static final int PING_CONTEXT_BYTES_MAX = 16;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int nameStart;
    private int nameLength;
    private int dataStart;
    private int dataLength;

    /** Reads a command's body; false where it has no name. */
    public boolean read(byte[] source, int from, int length) {
        int named = length > 0 ? source[from] & 0xFF : 0;
        if (named == 0 || 1 + named > length) {
            return false;
        }
        bytes = source;
        nameStart = from + 1;
        nameLength = named;
        dataStart = nameStart + named;
        dataLength = length - 1 - named;
        return true;
    }

    public boolean is(String name) {
        if (name.length() != nameLength) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (bytes[nameStart + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the body begins, with the length of the name. */
    public int bodyStart() {
        return nameStart - 1;
    }

    public int bodyLength() {
        return 1 + nameLength + dataLength;
    }

    /** Lets go of what was read. */
    public void forget() {
        bytes = NOTHING;
    }

    /** The array that it lies in. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the data behind the name begins. */
    public int dataStart() {
        return dataStart;
    }

    public int dataLength() {
        return dataLength;
    }

    /** The reason in an ERROR, as far as it can be shown. */
    public String errorReason() {
        if (dataLength == 0) {
            return "";
        }
        int length = Math.min(bytes[dataStart] & 0xFF, dataLength - 1);
        StringBuilder shown = new StringBuilder(length);
        for (byte b : new String(bytes, dataStart + 1, length, StandardCharsets.ISO_8859_1)
                .getBytes(StandardCharsets.US_ASCII)) {
            shown.append(b < ' ' || b == 127 ? '?' : (char) b);
        }
        return shown.toString();
    }
}
