package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Makes flags and properties as {@link ContentHeader} reads them, from nothing or from those of another message. For
 * what is rewritten seldom, such as a message that becomes a dead letter: it makes garbage.
 */
public final class PropertiesBuilder {

    /** Values as they stand on the wire, lengths included, in the order of the wire. */
    private final Map<BasicProperty, byte[]> values = new EnumMap<>(BasicProperty.class);

    /** Those of a message that was read; nothing of it is kept. */
    public static PropertiesBuilder of(ContentHeader header) {
        PropertiesBuilder made = new PropertiesBuilder();
        for (int i = 0; i < BasicProperty.COUNT; i++) {
            BasicProperty property = BasicProperty.at(i);
            if (header.has(property)) {
                int from = header.start(property) - property.form.lengthBytes;
                int to = header.start(property) + header.length(property);
                made.values.put(property, Arrays.copyOfRange(header.bytes(), from, to));
            }
        }
        return made;
    }

    /** Sets a property that is text, of at most {@link ShortString#BYTES_MAX} bytes as UTF-8. */
    public PropertiesBuilder text(BasicProperty property, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        Check.that(utf8.length <= ShortString.BYTES_MAX, "a property is too long", property.index, utf8.length);
        ByteWriter out = new ByteWriter(1 + utf8.length);
        return set(property, BasicProperty.Form.TEXT, out.put(utf8.length).put(utf8));
    }

    public PropertiesBuilder deliveryMode(int value) {
        return set(BasicProperty.DELIVERY_MODE, BasicProperty.Form.OCTET, new ByteWriter(1).put(value));
    }

    public PropertiesBuilder priority(int value) {
        return set(BasicProperty.PRIORITY, BasicProperty.Form.OCTET, new ByteWriter(1).put(value));
    }

    /** Seconds since 1970. */
    public PropertiesBuilder timestamp(long seconds) {
        ByteWriter out = new ByteWriter(Long.BYTES);
        return set(BasicProperty.TIMESTAMP, BasicProperty.Form.TIMESTAMP, out.putLong(seconds));
    }

    public PropertiesBuilder headers(TableBuilder headers) {
        ByteWriter out = new ByteWriter(64);
        headers.put(out);
        return set(BasicProperty.HEADERS, BasicProperty.Form.TABLE, out);
    }

    public PropertiesBuilder remove(BasicProperty property) {
        values.remove(property);
        return this;
    }

    private PropertiesBuilder set(BasicProperty property, BasicProperty.Form form, ByteWriter value) {
        Check.that(property.form == form, "a property of another form", property.index);
        values.put(property, value.toByteArray());
        return this;
    }

    /** Flags and properties. */
    public void put(ByteWriter out) {
        int flags = 0;
        for (BasicProperty property : values.keySet()) {
            flags |= property.flag;
        }
        out.putShort(flags);
        for (byte[] value : values.values()) {
            out.put(value);
        }
    }
}
