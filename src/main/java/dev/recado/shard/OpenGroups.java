package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The groups that are open on one partition. Few and asked about with every commit, so an array that is replaced and
 * never changed: who walks over {@link #all} may add and remove meanwhile. Owned by the partition's loop.
 */
final class OpenGroups {

    private static final GroupOwner[] NONE = {};

    private static final GroupNeeds[] NO_NEEDS = {};

    private GroupOwner[] all = NONE;
    private GroupNeeds[] needs = NO_NEEDS;

    /** In the order in which they were opened; not to be changed. */
    GroupOwner[] all() {
        return all;
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

    /** The lowest offset that some group with that many members has not finished; {@code end} where there is none. */
    long lowestFloor(long end, int membersLeast) {
        long lowest = end;
        for (GroupOwner group : all) {
            if (group.memberCount() >= membersLeast) {
                lowest = Math.min(lowest, group.group().floor());
            }
        }
        return lowest;
    }

    /** Messages of the group that has most left to finish. */
    long backlog() {
        long most = 0;
        for (GroupOwner group : all) {
            most = Math.max(most, group.group().backlog());
        }
        return most;
    }

    /** Whether some group is being moved: its floor will change without further notice. */
    boolean anyResetting() {
        return Arrays.stream(all).anyMatch(GroupOwner::resetting);
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    int size() {
        return all.length;
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
        removeIf(other -> other.def().id() == group.def().id());
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = group;
        needs = Arrays.stream(all).map(GroupOwner::needs).toArray(GroupNeeds[]::new);
    }

    void removeIf(Predicate<GroupOwner> gone) {
        all = Arrays.stream(all).filter(gone.negate()).toArray(GroupOwner[]::new);
        needs = Arrays.stream(all).map(GroupOwner::needs).toArray(GroupNeeds[]::new);
    }

    void clear() {
        all = NONE;
        needs = NO_NEEDS;
    }
}
