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
     * The value that the cursor is on, byte for byte: RabbitMQ turns an L into an l when it rewrites a table, which
     * py-amqp reads as another number.
     */
    static void copy(ByteWriter out, FieldCursor from) {
        out.put(from.letter());
        if (FieldType.isSized(from.letter())) {
            out.putInt(from.valueLength());
        }
        out.put(from.bytes(), from.valueStart(), from.valueLength());
    }
}
