package dev.recado.core.group;

import java.util.stream.LongStream;

/** Lets tests of other rooms look into a group. */
public final class GroupProbe {

    private GroupProbe() {}

    /**
     * What may have its last delivery behind it without having reached anybody: what the group has given up for the
     * dead-letter topic and not finished; where there is none, which finishes at once, what members hold.
     */
    public static LongStream spent(PartitionGroup group, boolean deadLetters) {
        int count = deadLetters ? group.deadLettering() : group.leased();
        return count == 0
                ? LongStream.empty()
                : LongStream.range(group.floor(), group.cursor()).filter(offset -> isSpent(group, offset, deadLetters));
    }

    private static boolean isSpent(PartitionGroup group, long offset, boolean deadLetters) {
        int record = group.inHand.open.find(offset);
        return record != OpenOffsets.NONE
                && switch (group.inHand.open.state[record]) {
                    case OpenOffsets.DEATH_ROW, OpenOffsets.DYING, OpenOffsets.DEATH_DELAYED -> true;
                    case OpenOffsets.LEASED -> !deadLetters;
                    default -> false;
                };
    }
}
