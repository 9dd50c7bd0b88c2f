package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;

/**
 * Flags and properties with one header more, a number, which takes the place of one of that name. Used again and again
 * it makes no garbage where there was none of that name. One owner.
 */
public final class AddedHeader {

    private static final int FLAG_BYTES = 2;
    private static final int MORE_FLAGS = 1;

    private final String name;
    private final byte[] latin;
    /** The field: name and value. */
    private final ByteWriter field = new ByteWriter(64);

    private final ContentHeader header = new ContentHeader();
    private final FieldCursor at = new FieldCursor();

    /** {@code name} has characters below 128. */
    public AddedHeader(String name) {
        this.name = name;
        latin = name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes what was read at {@code from}, which is well-formed, with {@code value} among its headers. */
    public void put(byte[] bytes, int from, int length, long value, ByteWriter out) {
        header.readProperties(bytes, from, length);
        field.clear();
        field.put(latin.length).put(latin);
        FieldWriter.integer(field, value);
        if (!header.has(BasicProperty.HEADERS)) {
            putWithFirst(bytes, from, length, out);
        } else if (header.findHeader(name, at)) {
            PropertiesBuilder.of(header)
                    .headers(new TableBuilder().putAll(header.headers()).integer(name, value))
                    .put(out);
        } else {
            int table = header.start(BasicProperty.HEADERS);
            int fields = header.length(BasicProperty.HEADERS);
            out.put(bytes, from, table - FieldType.LENGTH_BYTES - from);
            out.putInt(fields + field.size()).put(bytes, table, fields);
            out.put(field.array(), 0, field.size());
            out.put(bytes, table + fields, from + length - table - fields);
        }
        header.forget();
    }

    private void putWithFirst(byte[] bytes, int from, int length, ByteWriter out) {
        int first = BigEndian.unsignedShort(bytes, from);
        int flagsEnd = from + FLAG_BYTES;
        while ((BigEndian.unsignedShort(bytes, flagsEnd - FLAG_BYTES) & MORE_FLAGS) != 0) {
            flagsEnd += FLAG_BYTES;
        }
        int before = Math.max(flagsEnd, Math.max(end(BasicProperty.CONTENT_TYPE), end(BasicProperty.CONTENT_ENCODING)));
        out.putShort(first | BasicProperty.HEADERS.flag);
        out.put(bytes, from + FLAG_BYTES, before - from - FLAG_BYTES);
        out.putInt(field.size()).put(field.array(), 0, field.size());
        out.put(bytes, before, from + length - before);
    }

    /** 0 where there is none. */
    private int end(BasicProperty property) {
        return header.start(property) + header.length(property);
    }
}
