package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.GroupDef;

/**
 * Those who read a partition alone. Each is the only member of a group that is here and nowhere else: no catalog knows
 * it, no log holds its progress, and it ends when its member leaves. Owned by the partition's loop.
 */
final class Readers {

    /** Each looks at every commit. */
    static final int OPEN_MAX = 4_096;

    private final PartitionContext partition;
    private final OpenGroups groups;
    private int lastNumber;
    private int openCount;

    Readers(PartitionContext partition, OpenGroups groups) {
        this.partition = partition;
        this.groups = groups;
    }

    boolean isFull() {
        return openCount >= OPEN_MAX;
    }

    /** Opens one that begins at {@code offset}. */
    GroupOwner open(GroupDef def, long offset) {
        do {
            lastNumber = lastNumber == Integer.MIN_VALUE ? -1 : lastNumber - 1;
        } while (groups.get(lastNumber) != null);
        PartitionGroup group = new PartitionGroup(def.settings(), offset);
        GroupOwner reader = new GroupOwner(partition, def.numbered(lastNumber), group);
        groups.put(reader);
        openCount++;
        partition.markDirty();
        return reader;
    }

    /** Its member has left, or could not join; answers whether it was there. */
    boolean end(GroupView reader) {
        GroupOwner gone = groups.get(reader.def().id());
        if (gone != reader) {
            return false;
        }
        openCount--;
        groups.removeIf(each -> each == gone);
        gone.close("unsubscribed");
        partition.markDirty();
        return true;
    }
}
