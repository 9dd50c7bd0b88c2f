package dev.recado.transport.amqp.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the payload of a content header frame where it lies:
 *
 * <pre>
 *  short  class          60, basic
 *  short  weight         0
 *  long   body size      unsigned
 *  short  flags          bit 15 for the first property, down to bit 2 for the 14th; bit 0: more flags follow
 *  bytes  properties     those whose flag is set, in this order, see {@link BasicProperty}
 * </pre>
 *
 * <p>From the flags on it is one slice, which goes with the message byte for byte. All of it is checked, headers too,
 * but text may be any bytes: some clients send a correlation id that is not UTF-8. It never throws for what a peer
 * sent, and makes no garbage but in accessors that answer objects. A cursor; one owner.
 */
public final class ContentHeader {

    /** The only class with content. */
    public static final int BASIC_CLASS = 60;
    /** Bytes in front of the property flags. */
    public static final int FIXED_BYTES = 12;

    /** What {@link #deliveryMode} and {@link #priority} answer where the message does not say. */
    public static final int ABSENT = -1;

    private static final int PERSISTENT = 2;
    private static final int FLAG_BYTES = 2;
    private static final int MORE_FLAGS = 1;
    private static final int UNKNOWN_FLAG = 2;
    private static final int TIMESTAMP_BYTES = 8;
    private static final byte[] NOTHING = {};

    private final int[] starts = new int[BasicProperty.COUNT];
    private final int[] lengths = new int[BasicProperty.COUNT];
    private byte[] bytes = NOTHING;
    private int classId;
    private long bodyBytes;
    private int propertiesStart;
    private int propertiesLength;
    private int flags;
    private String problem = "";

    /** Reads the payload of a frame; false where it is malformed, see {@link #problem}. */
    public boolean read(byte[] source, int from, int length) {
        flags = 0;
        if (length < FIXED_BYTES) {
            return malformed("a content header that ends early");
        }
        classId = BigEndian.unsignedShort(source, from);
        if (BigEndian.unsignedShort(source, from + 2) != 0) {
            return malformed("a content header with a weight");
        }
        long size = BigEndian.signedLong(source, from + 4);
        bodyBytes = size < 0 ? Long.MAX_VALUE : size;
        return readProperties(source, from + FIXED_BYTES, length - FIXED_BYTES);
    }

    /** Reads flags and properties alone, as {@link #propertiesStart} told of them; false where they are malformed. */
    public boolean readProperties(byte[] source, int from, int length) {
        bytes = source;
        propertiesStart = from;
        propertiesLength = length;
        flags = 0;
        int end = from + length;
        int at = from;
        int first = 0;
        int word;
        do {
            if (end - at < FLAG_BYTES) {
                return malformed("property flags that end early");
            }
            word = BigEndian.unsignedShort(source, at);
            if (at == from) {
                first = word;
            }
            if ((at == from ? word & UNKNOWN_FLAG : word & ~MORE_FLAGS) != 0) {
                return malformed("flags of unknown properties");
            }
            at += FLAG_BYTES;
        } while ((word & MORE_FLAGS) != 0);
        return locate(first & ~MORE_FLAGS, at, end);
    }

    private boolean locate(int present, int from, int end) {
        int at = from;
        for (int i = 0; i < BasicProperty.COUNT; i++) {
            BasicProperty property = BasicProperty.at(i);
            if ((present & property.flag) == 0) {
                continue;
            }
            long length = end - at < property.form.lengthBytes ? Long.MAX_VALUE : valueBytes(property.form, at);
            at += property.form.lengthBytes;
            if (length > end - at) {
                return malformed("properties that end early");
            }
            starts[i] = at;
            lengths[i] = (int) length;
            at += (int) length;
            if (property == BasicProperty.HEADERS) {
                String wrong = FieldTable.problem(bytes, starts[i], lengths[i]);
                if (wrong != null) {
                    return malformed(wrong);
                }
            }
        }
        if (at != end) {
            return malformed("bytes behind the properties");
        }
        flags = present;
        return true;
    }

    private long valueBytes(BasicProperty.Form form, int at) {
        return switch (form) {
            case TEXT -> bytes[at] & 0xFF;
            case TABLE -> BigEndian.unsignedInt(bytes, at);
            case OCTET -> 1;
            case TIMESTAMP -> TIMESTAMP_BYTES;
        };
    }

    private boolean malformed(String what) {
        problem = what;
        return false;
    }

    /** Lets go of the array. */
    public void forget() {
        bytes = NOTHING;
        flags = 0;
        propertiesStart = 0;
        propertiesLength = 0;
    }

    /** What is malformed; the connection ends with {@link ReplyCode#SYNTAX_ERROR}. */
    public String problem() {
        return problem;
    }

    /** The class that the content is said to be of; the caller compares it with that of the method. */
    public int classId() {
        return classId;
    }

    /** How long the body is said to be, at most {@link Long#MAX_VALUE}; the caller decides whether that is too long. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** The array that it lies in. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where flags and properties begin, which are one slice. */
    public int propertiesStart() {
        return propertiesStart;
    }

    /** Length of flags and properties. */
    public int propertiesLength() {
        return propertiesLength;
    }

    public boolean has(BasicProperty property) {
        return (flags & property.flag) != 0;
    }

    /** Where the value of a property begins, behind its length if it has one; 0 where there is none. */
    public int start(BasicProperty property) {
        return has(property) ? starts[property.index] : 0;
    }

    /** Length of the value of a property; 0 where there is none. */
    public int length(BasicProperty property) {
        return has(property) ? lengths[property.index] : 0;
    }

    /** The value of a property that is text; null where there is none. */
    public @Nullable String text(BasicProperty property) {
        return property.form == BasicProperty.Form.TEXT && has(property)
                ? new String(bytes, start(property), length(property), StandardCharsets.UTF_8)
                : null;
    }

    /** 1 or 2 from most, but it may be any byte; {@link #ABSENT} where the message does not say. */
    public int deliveryMode() {
        return octet(BasicProperty.DELIVERY_MODE);
    }

    /** Whether the message is to outlive the broker. */
    public boolean isPersistent() {
        return deliveryMode() == PERSISTENT;
    }

    /** {@link #ABSENT} where the message does not say. */
    public int priority() {
        return octet(BasicProperty.PRIORITY);
    }

    private int octet(BasicProperty property) {
        return has(property) ? bytes[start(property)] & 0xFF : ABSENT;
    }

    /** Seconds since 1970; 0 where the message does not say. */
    public long timestamp() {
        return has(BasicProperty.TIMESTAMP) ? BigEndian.signedLong(bytes, start(BasicProperty.TIMESTAMP)) : 0;
    }

    /** The headers, a view over the same array; empty where there are none. */
    public FieldTable headers() {
        return has(BasicProperty.HEADERS)
                ? FieldTable.checked(bytes, start(BasicProperty.HEADERS), length(BasicProperty.HEADERS))
                : FieldTable.EMPTY;
    }

    /** As {@link FieldTable#find} among the headers, without making garbage. */
    public boolean findHeader(String name, FieldCursor at) {
        return at.overTable(bytes, start(BasicProperty.HEADERS), length(BasicProperty.HEADERS))
                .find(name);
    }
}
