package dev.recado.broker;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The groups that are open on one partition. Few and asked about with every commit, so an array that is replaced and
 * never changed: who walks over {@link #all} may add and remove meanwhile. Owned by the partition's loop.
 */
final class OpenGroups {

    private static final GroupOwner[] NONE = {};

    private GroupOwner[] all = NONE;

    /** In the order in which they were opened; not to be changed. */
    GroupOwner[] all() {
        return all;
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
    }

    void removeIf(Predicate<GroupOwner> gone) {
        all = Arrays.stream(all).filter(gone.negate()).toArray(GroupOwner[]::new);
    }

    void clear() {
        all = NONE;
    }
}
