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

    private final PartitionOwner owner;
    private int lastNumber;
    private int openCount;

    Readers(PartitionOwner owner) {
        this.owner = owner;
    }

    boolean isFull() {
        return openCount >= OPEN_MAX;
    }

    /** Opens one that begins at {@code offset}. */
    GroupOwner open(GroupDef def, long offset) {
        do {
            lastNumber = lastNumber == Integer.MIN_VALUE ? -1 : lastNumber - 1;
        } while (owner.group(lastNumber) != null);
        GroupOwner reader = new GroupOwner(owner, def.numbered(lastNumber), new PartitionGroup(def.settings(), offset));
        owner.groups().put(reader);
        owner.opening().passGaps(reader);
        openCount++;
        owner.markDirty();
        return reader;
    }

    /** Its member has left, or could not join. */
    void end(GroupView reader) {
        if (owner.group(reader.def().id()) != reader) {
            return;
        }
        openCount--;
        GroupOwner gone = (GroupOwner) reader;
        owner.groups().removeIf(group -> group == gone);
        gone.close("unsubscribed");
        owner.onGroupGone();
        owner.markDirty();
    }
}
