package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes a {@link FieldTable}, from nothing or from another one. What is set takes the place of the first field with the
 * name, or goes to the end. For what is told once or rewritten seldom: it makes garbage.
 */
public final class TableBuilder {

    private record Field(byte[] name, byte[] value) {}

    private final List<Field> fields = new ArrayList<>();
    private final ByteWriter scratch = new ByteWriter(64);

    /** Adds all fields of a table, values as {@link #copy} would; what was there stays. */
    public TableBuilder putAll(FieldTable table) {
        FieldCursor from = table.fields();
        while (from.next()) {
            byte[] name = Arrays.copyOfRange(from.bytes(), from.nameStart(), from.nameStart() + from.nameLength());
            scratch.clear();
            FieldWriter.copy(scratch, from);
            fields.add(new Field(name, scratch.toByteArray()));
        }
        return this;
    }

    public TableBuilder flag(String name, boolean value) {
        return set(name, out -> FieldWriter.flag(out, value));
    }

    /** A signed int, letter I. */
    public TableBuilder integer(String name, int value) {
        return set(name, out -> FieldWriter.integer(out, value));
    }

    /** A signed long, letter l. */
    public TableBuilder integer(String name, long value) {
        return set(name, out -> FieldWriter.integer(out, value));
    }

    public TableBuilder text(String name, String value) {
        return set(name, out -> FieldWriter.text(out, value));
    }

    /** Seconds since 1970. */
    public TableBuilder timestamp(String name, long seconds) {
        return set(name, out -> FieldWriter.timestamp(out, seconds));
    }

    public TableBuilder table(String name, TableBuilder value) {
        return set(name, out -> {
            out.put(FieldType.TABLE);
            value.put(out);
        });
    }

    public TableBuilder array(String name, ArrayBuilder value) {
        return set(name, value::putField);
    }

    /** The value that a cursor is on, in the letters of RabbitMQ: an L turns into an l. */
    public TableBuilder copy(String name, FieldCursor value) {
        return set(name, out -> FieldWriter.copy(out, value));
    }

    /** Drops all fields of a name. */
    public TableBuilder remove(String name) {
        byte[] utf8 = utf8(name);
        fields.removeIf(field -> Arrays.equals(field.name, utf8));
        return this;
    }

    public boolean has(String name) {
        return indexOf(utf8(name)) >= 0;
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Puts the fields in the order of their names, byte by byte; those with the same name keep theirs. */
    public TableBuilder sort() {
        fields.sort((one, other) -> Arrays.compareUnsigned(one.name, other.name));
        return this;
    }

    /** Length and fields. */
    public void put(ByteWriter out) {
        int mark = out.skip(FieldType.LENGTH_BYTES);
        for (Field field : fields) {
            out.put(field.name.length).put(field.name).put(field.value);
        }
        out.setInt(mark, out.size() - mark - FieldType.LENGTH_BYTES);
    }

    /** What was put so far as a table with an array of its own. */
    public FieldTable build() {
        ByteWriter out = new ByteWriter(64);
        put(out);
        return FieldTable.checked(out.array(), FieldType.LENGTH_BYTES, out.size() - FieldType.LENGTH_BYTES);
    }

    private TableBuilder set(String name, Consumer<ByteWriter> value) {
        byte[] utf8 = utf8(name);
        Check.that(utf8.length <= ShortString.BYTES_MAX, "the name of a field is too long", utf8.length);
        scratch.clear();
        value.accept(scratch);
        Field field = new Field(utf8, scratch.toByteArray());
        int at = indexOf(utf8);
        if (at < 0) {
            fields.add(field);
        } else {
            fields.set(at, field);
        }
        return this;
    }

    private int indexOf(byte[] name) {
        for (int i = 0; i < fields.size(); i++) {
            if (Arrays.equals(fields.get(i).name, name)) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
