package dev.recado.shard;

import dev.recado.core.group.GivingUp;
import dev.recado.core.group.GroupNeeds;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The groups that are open on one partition. Few and asked about with every commit, so an array that is replaced and
 * never changed: who walks over {@link #all} may add and remove meanwhile. Owned by the partition's loop.
 */
final class OpenGroups {

    static final int OF_ALL = PartitionCommand.AwaitLetters.OF_ALL;

    private static final GroupOwner[] NONE = {};

    private static final GroupNeeds[] NO_NEEDS = {};

    private final boolean readersCount;
    private GroupOwner[] all = NONE;
    private GroupOwner[] counted = NONE;
    private GroupNeeds[] needs = NO_NEEDS;

    /** {@code readersCount}: where nobody needs a message it is kept nowhere, also for those who read alone. */
    OpenGroups(boolean readersCount) {
        this.readersCount = readersCount;
    }

    /** In the order in which they were opened, those of readers among them; not to be changed. */
    GroupOwner[] all() {
        return all;
    }

    /**
     * Those whose backlog counts and whose progress is kept: of a stored topic without those of readers, which take
     * what there is and hold nothing back.
     */
    GroupOwner[] counted() {
        return counted;
    }

    /** Theirs, in the same order; not to be changed. */
    GroupNeeds[] needs() {
        return needs;
    }

    @Nullable
    GroupOwner named(String name) {
        for (GroupOwner group : all) {
            if (group.def().name().equals(name)) {
                return group;
            }
        }
        return null;
    }

    /**
     * The lowest offset that some group with that many members has not finished; {@code end} where there is none. With
     * 0, of those that count.
     */
    long lowestFloor(long end, int membersLeast) {
        long lowest = end;
        for (GroupOwner group : membersLeast == 0 ? counted : all) {
            if (group.memberCount() >= membersLeast) {
                lowest = Math.min(lowest, group.group().floor());
            }
        }
        return lowest;
    }

    /** How many messages are dead letters that are not where they belong yet, of one group or {@code OF_ALL}. */
    int deadLetterCount(int of) {
        int count = 0;
        for (GroupOwner group : all) {
            count += isOf(group, of) ? group.group().deadLettering() : 0;
        }
        return count;
    }

    boolean anyDeadLetters() {
        return deadLetterCount(OF_ALL) > 0;
    }

    /** Whether some of these were refused where they go, and wait to be tried again. */
    boolean anyRefusedLetters(int of) {
        for (GroupOwner group : all) {
            if (isOf(group, of) && new GivingUp(group.group()).refusedCount() > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(GroupOwner group, int of) {
        return of == OF_ALL || group.def().id() == of;
    }

    /** Messages of the group that has most left to finish. */
    long backlog() {
        long most = 0;
        for (GroupOwner group : counted) {
            most = Math.max(most, group.group().backlog());
        }
        return most;
    }

    /** Whether some group is being moved: its floor will change without further notice. */
    boolean anyResetting() {
        return Arrays.stream(all).anyMatch(GroupOwner::resetting);
    }

    /** Whether none counts. */
    boolean isEmpty() {
        return counted.length == 0;
    }

    /** The group with that number, or null. */
    @Nullable
    GroupOwner get(int groupId) {
        for (GroupOwner group : all) {
            if (group.def().id() == groupId) {
                return group;
            }
        }
        return null;
    }

    /** Adds a group, in the place of one with the same number. */
    void put(GroupOwner group) {
        GroupOwner[] others = without(other -> other.def().id() == group.def().id());
        GroupOwner[] more = Arrays.copyOf(others, others.length + 1);
        more[others.length] = group;
        set(more);
    }

    void removeIf(Predicate<GroupOwner> gone) {
        set(without(gone));
    }

    private GroupOwner[] without(Predicate<GroupOwner> gone) {
        return Arrays.stream(all).filter(gone.negate()).toArray(GroupOwner[]::new);
    }

    private void set(GroupOwner[] now) {
        all = now;
        needs = Arrays.stream(all).map(GroupOwner::needs).toArray(GroupNeeds[]::new);
        counted = readersCount
                ? all
                : Arrays.stream(all).filter(group -> !group.def().isReader()).toArray(GroupOwner[]::new);
    }

    void clear() {
        set(NONE);
    }
}
