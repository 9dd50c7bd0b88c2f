package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.topic.GroupDef;

/** Fields that several kinds of a {@link CommandFrame} have. */
final class FrameFields {

    private FrameFields() {}

    /** A varint from 0 to the largest long. */
    static long readCount(ByteReader in) {
        long value = in.readVarLong();
        if (value < 0) {
            in.skip(-1);
        }
        return Math.max(0, value);
    }

    /** As {@link #readCount} to the largest int. */
    static int readInt(ByteReader in) {
        return in.readVarInt(Integer.MAX_VALUE);
    }

    static void putFlag(ByteWriter out, boolean flag) {
        out.put(flag ? 1 : 0);
    }

    static boolean readFlag(ByteReader in) {
        return in.readVarInt(1) == 1;
    }

    static void putGroup(ByteWriter out, GroupDef group) {
        group.encode(out.putVarLong(group.topicId()));
    }

    static GroupDef readGroup(ByteReader in) {
        return GroupDef.decode(in, readInt(in));
    }
}
