package dev.recado.shard;

import dev.recado.core.topic.GroupKind;

/**
 * The numbering of automatic groups: a consumer that names none joins the lowest-numbered group with room. The ids that
 * the broker hands out carry the number, so that a consumer who comes back finds its group without anything being kept.
 */
public final class AutomaticGroups {

    private static final String PREFIX = "group-";

    private AutomaticGroups() {}

    public static String name(int number) {
        return PREFIX + number;
    }

    /** The number in a name that {@link #name} made. */
    static int numberOfGroup(String groupName) {
        return Integer.parseInt(groupName.substring(PREFIX.length()));
    }

    /** An id like {@code g2-1a2b3c4d} for a consumer of group 2. */
    public static String consumerId(int number, long random) {
        return "g" + number + "-" + Long.toHexString(random >>> 24);
    }

    /** The group's number in an id that the broker handed out, or 0. */
    public static int numberOf(String consumerId) {
        int dash = consumerId.indexOf('-');
        if (dash < 2 || dash > 8 || consumerId.charAt(0) != 'g') {
            return 0;
        }
        for (int i = 1; i < dash; i++) {
            if (!Character.isDigit(consumerId.charAt(i))) {
                return 0;
            }
        }
        for (int i = dash + 1; i < consumerId.length(); i++) {
            if (Character.digit(consumerId.charAt(i), 16) < 0) {
                return 0;
            }
        }
        return dash + 1 < consumerId.length() ? Integer.parseInt(consumerId.substring(1, dash)) : 0;
    }

    /** The lowest number whose group has room or does not exist; a place in an existing one is reserved. */
    static int pick(PartitionOwner coordinator) {
        int max = coordinator.view().settings().groupMembersMax();
        for (int number = 1; ; number++) {
            GroupOwner group = coordinator.groups().named(name(number));
            if (group == null) {
                return coordinator.opening().reserveNew(number, max) ? number : pickAfter(coordinator, number, max);
            }
            if (group.def().kind() == GroupKind.AUTOMATIC && group.taken() < max) {
                group.reserve(1);
                return number;
            }
        }
    }

    private static int pickAfter(PartitionOwner coordinator, int full, int max) {
        int number = full + 1;
        while (coordinator.groups().named(name(number)) != null
                || !coordinator.opening().reserveNew(number, max)) {
            number++;
        }
        return number;
    }
}
