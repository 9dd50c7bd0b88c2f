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

    /** The oldest ready message makes room, whatever becomes of it; answers whether there was one. */
    static boolean dropOldest(GroupOwner group) {
        if (route(group) != null) {
            long oldest = group.needs().oldestReady();
            if (oldest == PartitionGroup.NONE || giveUp(group, oldest, DeathCause.MAXLEN)) {
                return oldest != PartitionGroup.NONE;
            }
        }
        return group.needs().dropOldest() != PartitionGroup.NONE;
    }

    /** The same of all below {@code offset} that were never handed out; answers how many. */
    static long dropFresh(GroupOwner group, long offset) {
        long dropped = 0;
        if (route(group) != null) {
            for (long at = group.needs().cursor();
                    at < offset;
                    at = group.needs().cursor()) {
                if (!giveUp(group, at, DeathCause.MAXLEN)) {
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
