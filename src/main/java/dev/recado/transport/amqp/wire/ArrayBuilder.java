package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;

/** Makes an array of field values, for {@link TableBuilder#array}. For what is rewritten seldom. */
public final class ArrayBuilder {

    private final ByteWriter values = new ByteWriter(64);

    public ArrayBuilder text(String value) {
        FieldWriter.text(values, value);
        return this;
    }

    /** A signed long, letter l. */
    public ArrayBuilder integer(long value) {
        FieldWriter.integer(values, value);
        return this;
    }

    public ArrayBuilder table(TableBuilder value) {
        values.put(FieldType.TABLE);
        value.put(values);
        return this;
    }

    /** The value that a cursor is on, in the letters of RabbitMQ: an L turns into an l. */
    public ArrayBuilder copy(FieldCursor value) {
        FieldWriter.copy(values, value);
        return this;
    }

    void putField(ByteWriter out) {
        out.put(FieldType.ARRAY).putInt(values.size()).put(values.array(), 0, values.size());
    }
}
