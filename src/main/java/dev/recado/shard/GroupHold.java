package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.TopicName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one group on one partition within {@link HeldShare}. Owned by the partition's loop. */
final class GroupHold {

    private static final Logger LOG = LoggerFactory.getLogger(GroupHold.class);

    /** Changes below that are not worth a write that other loops see. */
    private static final long STEP_BYTES = 4 * 1024;
    /** A group that meets its bound again within that time is not told of again. */
    private static final long TOLD_MS = 60_000;

    private final TopicName topic;
    private final int partition;
    private final GroupNeeds needs;
    private final HeldShare share;
    private long counted;
    private boolean heldBack;
    private boolean told;
    private long heldBackUntilMs;

    GroupHold(HeldShare share, TopicName topic, int partition, GroupNeeds needs) {
        this.topic = topic;
        this.partition = partition;
        this.needs = needs;
        this.share = share;
    }

    /** Counts what the group takes now and sets its bound: once a turn, not once a message. */
    void count() {
        long bytes = needs.heldBytes();
        if (Math.abs(bytes - counted) >= STEP_BYTES || bytes == 0 && counted > 0) {
            share.add(bytes - counted);
            counted = bytes;
        }
        needs.holdAtMost(share.ofGroup(counted));
    }

    /**
     * Whether the group may go on, having been held back when last asked. Says in the log that a group is held back,
     * and not again before it has gone on for a minute.
     */
    boolean goesOn(GroupDef def, long nowMs) {
        count();
        boolean before = heldBack;
        heldBack = needs.isHeldBack();
        if (heldBack != before) {
            share.heldBack(heldBack ? 1 : -1);
        }
        if (heldBack) {
            told &= nowMs - heldBackUntilMs < TOLD_MS;
            heldBackUntilMs = nowMs;
            if (!told) {
                told = true;
                LOG.warn(
                        "a group hands out nothing new until members settle what it keeps track of"
                                + " topic={} group={} partition={} bytes={} bytes_groups={} bytes_groups_max={}",
                        topic,
                        def.name(),
                        partition,
                        needs.heldBytes(),
                        share.bytes(),
                        share.bytesMax());
            }
        }
        return before && !heldBack;
    }

    boolean isHeldBack() {
        return heldBack;
    }

    /** Whether what others take may change what the group may do: then each tick looks. */
    boolean isWatched(boolean hasMembers) {
        return heldBack || hasMembers && needs.mayBeHeldBack();
    }

    /** The group ends. */
    void end() {
        share.add(-counted);
        counted = 0;
        if (heldBack) {
            heldBack = false;
            share.heldBack(-1);
        }
    }
}
