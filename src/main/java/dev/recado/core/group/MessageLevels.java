package dev.recado.core.group;

import dev.recado.base.Check;

/**
 * Has a group hand out by the level of messages: of what waits, the oldest of the highest level, whatever else waits.
 * The side of the group for whoever can read messages, who tells the level of each before others are handed out: as
 * long as {@link #nextUnknown} names an offset, {@link PartitionGroup#next} and {@link PartitionGroup#pull} name none.
 * Of the owner of the group.
 *
 * <p>A message whose level is known counts as passed, so the group's cursor is ahead of what was handed out, and the
 * log is told of each that was never delivered. A level takes memory while something of it waits: {@link
 * InHand#RANGE_BYTES} for neighbours of one level. That counts in {@link GroupNeeds#heldBytes}; at half of what the
 * group may take no more levels are asked for, and those that are known are served until there is room again. A
 * key-ordered group knows no levels: it goes by the order of its keys.
 */
public final class MessageLevels {

    private final PartitionGroup group;
    private final InHand inHand;
    private final Levels levels;

    /**
     * The group begins with it; nobody has been told anything of it yet.
     *
     * @param top the highest level, 1 to 255; what is above counts as that
     */
    public MessageLevels(PartitionGroup group, int top) {
        Check.that(top >= 1 && top <= 255, "level out of bounds", top);
        this.group = group;
        inHand = group.inHand;
        levels = new Levels(top, group.floor());
        inHand.keepLevels(levels);
    }

    /** The lowest offset below the end whose level the group has to be told; {@link PartitionGroup#NONE} for none. */
    public long nextUnknown() {
        if (inHand.slots != null) {
            return PartitionGroup.NONE;
        }
        levels.full = isFull();
        levels.known = group.finished.nextUnfinished(levels.known);
        return levels.full || levels.known >= group.end() ? PartitionGroup.NONE : levels.known;
    }

    private boolean isFull() {
        return (long) levels.rangeCount() * InHand.RANGE_BYTES >= Math.max(1, group.out.heldBytesMax / 2);
    }

    /** The message at {@code offset}, which {@link #nextUnknown} named, has that priority and so many bytes. */
    public void tell(long offset, int priority, int bytes) {
        Check.that(offset == levels.known, "levels are told in order", offset, levels.known);
        int level = Math.min(priority, levels.top);
        if (offset >= group.cursor()) {
            group.out.pass(offset, bytes);
        } else {
            new GroupNeeds(group).passed(offset, bytes);
        }
        levels.known = offset + 1;
        int record = inHand.open.find(offset);
        if (record != InHand.NONE) {
            inHand.open.level(record, level);
        }
        if (inHand.due.contains(offset)) {
            levels.onDue(level, offset);
        }
    }
}
