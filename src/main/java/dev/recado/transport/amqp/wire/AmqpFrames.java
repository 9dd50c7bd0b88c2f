package dev.recado.transport.amqp.wire;

import dev.recado.base.ByteWriter;

/** Writes frames as {@link AmqpFrameReader} reads them. Bodies are split by {@link BodyFrames}. */
public final class AmqpFrames {

    /** Where the size of a frame stands, from its start. */
    private static final int SIZE_AT = 3;

    private AmqpFrames() {}

    /** Begins a method frame, whose arguments the caller puts; answers the mark that {@link #end} wants. */
    public static int begin(ByteWriter out, int channel, MethodId method) {
        int mark = out.size();
        putPrelude(out, AmqpFrameReader.METHOD, channel, 0);
        out.putInt(method.key());
        return mark;
    }

    /** Ends the frame that {@link #begin} began. */
    public static void end(ByteWriter out, int mark) {
        out.setInt(mark + SIZE_AT, out.size() - mark - AmqpFrameReader.PRELUDE_BYTES);
        out.put(AmqpFrameReader.END);
    }

    /**
     * The content header of a message of {@code bodyBytes}, with its properties as {@link ContentHeader} found them or
     * {@link PropertiesBuilder} made them. It is one frame whatever its length: the protocol cannot split it.
     */
    public static void putContentHeader(
            ByteWriter out, int channel, long bodyBytes, byte[] properties, int from, int length) {
        putPrelude(out, AmqpFrameReader.HEADER, channel, ContentHeader.FIXED_BYTES + length);
        out.putShort(ContentHeader.BASIC_CLASS).putShort(0).putLong(bodyBytes);
        out.put(properties, from, length).put(AmqpFrameReader.END);
    }

    public static void putHeartbeat(ByteWriter out) {
        putPrelude(out, AmqpFrameReader.HEARTBEAT, 0, 0);
        out.put(AmqpFrameReader.END);
    }

    /** What stands in front of a payload of {@code length} bytes. */
    static void putPrelude(ByteWriter out, int type, int channel, int length) {
        out.put(type).putShort(channel).putInt(length);
    }
}
