package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;

/** Writes values with their letters in front. */
final class FieldWriter {

    private FieldWriter() {}

    static void flag(ByteWriter out, boolean value) {
        out.put(FieldType.FLAG).put(value ? 1 : 0);
    }

    static void integer(ByteWriter out, int value) {
        out.put(FieldType.SIGNED_INT).putInt(value);
    }

    static void integer(ByteWriter out, long value) {
        out.put(FieldType.SIGNED_LONG).putLong(value);
    }

    static void timestamp(ByteWriter out, long seconds) {
        out.put(FieldType.TIMESTAMP).putLong(seconds);
    }

    static void text(ByteWriter out, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.put(FieldType.TEXT).putInt(utf8.length).put(utf8);
    }

    /**
     * The value that the cursor is on. It keeps its letter, but an L turns into the l that means the same, also within
     * tables and arrays: so it comes out of a broker that has looked at it.
     */
    static void copy(ByteWriter out, FieldCursor from) {
        out.put(sameMeaning(from.letter()));
        if (FieldType.isSized(from.letter())) {
            out.putInt(from.valueLength());
        }
        if (from.isTable()) {
            copyAll(out, from.table().fields());
        } else if (from.isArray()) {
            copyAll(out, from.elements(new FieldCursor()));
        } else {
            out.put(from.bytes(), from.valueStart(), from.valueLength());
        }
    }

    private static void copyAll(ByteWriter out, FieldCursor from) {
        while (from.next()) {
            if (from.isOfTable()) {
                out.put(from.nameLength()).put(from.bytes(), from.nameStart(), from.nameLength());
            }
            copy(out, from);
        }
    }

    private static int sameMeaning(char letter) {
        return letter == FieldType.SIGNED_LONG_TOO ? FieldType.SIGNED_LONG : letter;
    }
}
