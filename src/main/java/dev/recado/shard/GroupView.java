package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.GroupDef;

/** What a partition's limits and the log of progress see of a group. */
interface GroupView {

    PartitionContext partition();

    GroupDef def();

    PartitionGroup group();

    GroupNeeds needs();

    /** Whether a move of it is on its way to the disk: until it is there, no progress of the old place may follow. */
    boolean resetting();
}
