package dev.recado.core.group;

import java.util.stream.LongStream;

/** Lets tests of other rooms look into a group. */
public final class GroupProbe {

    private GroupProbe() {}

    /** What the group has given up for the dead-letter topic and not finished. */
    public static LongStream dying(PartitionGroup group) {
        return group.deadLettering() == 0
                ? LongStream.empty()
                : inState(group, OpenOffsets.DYING, OpenOffsets.DEATH_DELAYED);
    }

    /** What members hold. */
    public static LongStream leased(PartitionGroup group) {
        return group.leased() == 0 ? LongStream.empty() : inState(group, OpenOffsets.LEASED, OpenOffsets.LEASED);
    }

    private static LongStream inState(PartitionGroup group, byte first, byte last) {
        return LongStream.range(group.floor(), group.cursor()).filter(offset -> {
            int record = group.inHand.open.find(offset);
            return record != OpenOffsets.NONE
                    && group.inHand.open.state[record] >= first
                    && group.inHand.open.state[record] <= last;
        });
    }
}
