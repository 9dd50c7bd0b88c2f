package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;

/**
 * What is asked of the owner of a partition or told to it, behind the publishes of the same loop: plain data. Questions
 * are answered by ticket with a {@link PartitionAnswer}.
 */
public sealed interface PartitionCommand {

    void applyTo(PartitionOwner owner, Asker from, long ticket);

    /** Whether what the partition was given before has to be committed first. */
    default boolean waitsForCommit() {
        return true;
    }

    /** One that does not wait. */
    sealed interface AtOnce extends PartitionCommand {
        @Override
        default boolean waitsForCommit() {
            return false;
        }
    }

    /** How the partition and its groups stand: {@link PartitionAnswer.Figures}. */
    record Describe() implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.backlog()
                    .oldest()
                    .find(timesMs -> from.answered(ticket, new PartitionAnswer.Figures(Standing.of(owner, timesMs))));
        }
    }

    /** Who is in the group of that number, at most so many: {@link PartitionAnswer.Present}. */
    record Members(int group, int countMax) implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            from.answered(ticket, new PartitionAnswer.Present(Standing.members(owner, group, countMax)));
        }
    }

    /** Finishes everything for everybody: how many messages that were, {@link PartitionAnswer.Value}. */
    record Purge() implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            long unfinished = owner.backlog().unfinished();
            new Upkeep(owner).purge(() -> from.answered(ticket, new PartitionAnswer.Value(unfinished)));
        }
    }

    /**
     * Finishes what nobody holds for everybody: how many messages that were of the group that had most of them, {@link
     * PartitionAnswer.Value}. Without a group it is {@link Purge}.
     */
    record PurgeUnheld() implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            new Upkeep(owner).purgeUnheld(count -> from.answered(ticket, new PartitionAnswer.Value(count)));
        }
    }

    /**
     * The topic is to be deleted: nobody joins from now on and what is published waits, until it is or {@link Reopen}
     * comes; {@link PartitionAnswer.Value}, how many messages are ready. Or {@link PartitionAnswer.Refused} with
     * IN_USE or NOT_EMPTY, where a condition does not hold, and nothing changes.
     */
    record Shut(boolean ifUnused, boolean ifEmpty) implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            Refusal why = owner.opening().door().shut(ifUnused, ifEmpty);
            from.answered(
                    ticket,
                    why == null
                            ? new PartitionAnswer.Value(owner.opening().door().ready())
                            : new PartitionAnswer.Refused(why));
        }
    }

    /**
     * The topic, or a group of it, is to be deleted: {@link PartitionAnswer.Done} once the dead letters of that on the
     * partition are where they belong, or cannot be waited for.
     *
     * @param group its number; {@link #OF_ALL} for every group of the topic
     */
    record AwaitLetters(int group) implements AtOnce {

        public static final int OF_ALL = 0;

        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.opening().behindLetters(group, () -> from.answered(ticket, new PartitionAnswer.Done()));
        }
    }

    /** The topic is not deleted after all, of one that was granted a {@link Shut}. */
    record Reopen() implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.opening().door().open();
        }
    }

    /** Somebody uses the topic, without being a member. */
    record Used() implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            Door door = owner.opening().ownDoor();
            if (door != null) {
                door.lifespan().onUsed(owner.view().time().monotonicMs());
            }
        }
    }

    /** Moves a group: {@link PartitionAnswer.Done}, also where the group is gone. */
    record Reset(GroupDef group, StartPosition to) implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            Runnable done = () -> from.answered(ticket, new PartitionAnswer.Done());
            owner.opening().whenOpen(group, open -> {
                if (open == null) {
                    done.run();
                } else {
                    owner.opening().reset(open, to, done);
                }
            });
        }
    }

    /** Reads messages, at most so many and, but for the last one, bytes: {@link PartitionAnswer.Found}. */
    record Browse(StartPosition start, int countMax, long bytesMax) implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.opening()
                    .resolve(start, offset -> new Browsing(owner, offset, countMax, bytesMax, from, ticket).step());
        }
    }

    /** Reserves a place in the first automatic group that has one: its number, {@link PartitionAnswer.Value}. */
    record PickAutomatic() implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            from.answered(ticket, new PartitionAnswer.Value(AutomaticGroups.pick(owner)));
        }
    }

    /** Gives such a place back. */
    record Unreserve(String group) implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.opening().unreserve(group);
        }
    }

    /** An event loop has one more tap: from which offset on, {@link PartitionAnswer.Value}. */
    record AddTap(int loop) implements PartitionCommand {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.taps().add(loop);
            from.answered(ticket, new PartitionAnswer.Value(owner.end()));
        }
    }

    /** An event loop has one tap less. */
    record RemoveTap(int loop) implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.taps().remove(loop);
        }
    }

    /** The taps of one more event loop hold publishing up, or ({@code change} -1) of one less. */
    record HoldUp(int change) implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.holdUp(change);
        }
    }

    /** Retention lets go of what is below an offset; of what groups need only by force. */
    record Retain(long below, boolean force) implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            new Upkeep(owner).retain(below, force);
        }
    }

    /** What is stored of the partition cannot be read. */
    record MarkDamaged() implements AtOnce {
        @Override
        public void applyTo(PartitionOwner owner, Asker from, long ticket) {
            owner.onDamaged();
        }
    }
}
