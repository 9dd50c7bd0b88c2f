package dev.recado.core.group;

import java.util.stream.LongStream;

/** Lets tests of other rooms look into a group. */
public final class GroupProbe {

    private GroupProbe() {}

    /** What the group has given up for the dead-letter topic and not finished. */
    public static LongStream dying(PartitionGroup group) {
        return group.deadLettering() == 0
                ? LongStream.empty()
                : LongStream.range(group.floor(), group.cursor()).filter(offset -> isDying(group, offset));
    }

    private static boolean isDying(PartitionGroup group, long offset) {
        int record = group.inHand.open.find(offset);
        return record != OpenOffsets.NONE
                && switch (group.inHand.open.state[record]) {
                    case OpenOffsets.DEATH_ROW, OpenOffsets.DYING, OpenOffsets.DEATH_DELAYED -> true;
                    default -> false;
                };
    }
}
