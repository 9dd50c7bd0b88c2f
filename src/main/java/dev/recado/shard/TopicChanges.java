package dev.recado.shard;

import dev.recado.base.Countdown;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.List;

/** Brings a partition and its groups to what the catalog says of their topic. Called on the partition's loop. */
final class TopicChanges {

    private final PartitionOwner owner;

    TopicChanges(PartitionOwner owner) {
        this.owner = owner;
    }

    /** Opens every group of the catalog that is not open here, at the start of a partition that never had a message. */
    void openGroupsOfNewPartition() {
        for (GroupDef def : owner.topic().groups()) {
            owner.groups().put(new GroupOwner(owner, def, new PartitionGroup(def.settings(), 0)));
        }
    }

    /** As {@link #onRecovered} while the node works: opens groups that are new, then runs {@code onDone}. */
    void onChanged(Topic changed, Runnable onDone) {
        OpenGroups groups = owner.groups();
        boolean had = !groups.isEmpty();
        onRecovered(changed);
        if (had && groups.isEmpty() && !owner.inMemoryOnly()) {
            LastGroup.tell(owner);
        }
        Countdown countdown = new Countdown(changed.groupCount(), onDone);
        for (GroupDef def : changed.groups()) {
            owner.opening().whenOpen(def, group -> countdown.down());
        }
        for (GroupOwner group : groups.all()) {
            group.group().giveUpSpent(group);
            group.onProgress();
        }
        owner.markDirty();
    }

    /** Takes the topic's new settings and lets go of groups that ended. */
    void onRecovered(Topic changed) {
        owner.onSettings(changed);
        List<Long> finishedBelow = new ArrayList<>();
        owner.groups().removeIf(group -> {
            if (group.def().isReader()) {
                return false;
            }
            GroupDef now = changed.group(group.def().name());
            if (now == null || now.id() != group.def().id()) {
                finishedBelow.add(group.group().floor());
                owner.onGroupGone();
                group.close("group deleted");
                return true;
            }
            group.onDefChanged(now);
            return false;
        });
        if (owner.groups().isEmpty()) {
            finishedBelow.forEach(owner.backlog()::finishedBelow);
        }
    }
}
