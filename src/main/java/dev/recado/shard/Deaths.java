package dev.recado.shard;

import dev.recado.core.group.DeathCause;
import dev.recado.core.group.GivingUp;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.DeadLetterRoute;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of messages that a group gives up though nobody has rejected them: they are finished, or published again
 * where the topic has an exchange for that. Called on the partition's loop.
 */
final class Deaths {

    private Deaths() {}

    /** The way of what dies in {@code group}; null where the group says where that goes. */
    static @Nullable DeadLetterRoute route(GroupOwner group) {
        boolean isPattern = group.partition().partition().id() < 0;
        return isPattern || group.def().settings().deadLetter() != null
                ? null
                : group.partition().topic().settings().deadLetters();
    }

    /** A ready message lived for longer than it may; false where it has to stay for now. */
    static boolean expire(GroupOwner group, long offset) {
        if (route(group) == null) {
            group.partition().onExpired(group.def().isReader() ? 0 : 1);
            group.finish(offset);
            return true;
        }
        boolean isGone = giveUp(group, offset, DeathCause.EXPIRED);
        if (isGone) {
            group.partition().onExpired(1);
        }
        return isGone;
    }

    /**
     * How many messages of a partition with {@code groups} may be dropped at present so that each goes on as a letter.
     * {@link Long#MAX_VALUE} where they go nowhere, and while the letters of a group are refused, since nobody knows
     * for how long.
     */
    static long letterRoom(OpenGroups groups) {
        long room = Long.MAX_VALUE;
        for (GroupOwner group : groups.counted()) {
            if (route(group) != null && !anyRefused(group)) {
                room = Math.min(room, new GivingUp(group.group()).room());
            }
        }
        return room;
    }

    private static boolean anyRefused(GroupOwner group) {
        return new GivingUp(group.group()).refusedCount() > 0;
    }

    /**
     * The oldest ready message makes room; answers whether one did. One that goes on as a letter stays until there is
     * a place for it, unless letters are refused or it {@code must} go now: then it goes without.
     */
    static boolean dropOldest(GroupOwner group, boolean must) {
        if (route(group) != null) {
            long oldest = group.needs().oldestReady();
            if (oldest == PartitionGroup.NONE || giveUp(group, oldest, DeathCause.MAXLEN)) {
                return oldest != PartitionGroup.NONE;
            }
            if (!must && !anyRefused(group)) {
                return false;
            }
        }
        return group.needs().dropOldest() != PartitionGroup.NONE;
    }

    /** The same of all below {@code offset} that were never handed out; answers how many. */
    static long dropFresh(GroupOwner group, long offset, boolean must) {
        long dropped = 0;
        if (route(group) != null) {
            for (long at = group.needs().cursor();
                    at < offset;
                    at = group.needs().cursor()) {
                if (!giveUp(group, at, DeathCause.MAXLEN)) {
                    if (!must && !anyRefused(group)) {
                        return dropped;
                    }
                    break;
                }
                dropped++;
            }
        }
        return dropped + group.needs().dropFresh(offset);
    }

    private static boolean giveUp(GroupOwner group, long offset, DeathCause cause) {
        boolean isGone = new GivingUp(group.group()).giveUp(offset, cause, group);
        if (isGone) {
            group.onProgress();
        }
        return isGone;
    }
}
