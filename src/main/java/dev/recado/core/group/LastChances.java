package dev.recado.core.group;

/**
 * Who may be handed a message alone, which is its last chance: the side of a group for whoever sees what its members
 * hold on other partitions. Of the owner of the group.
 */
public final class LastChances {

    private final PartitionGroup group;
    private final LoneHolders lone;

    public LastChances(PartitionGroup group) {
        this.group = group;
        lone = group.members.lone;
    }

    /** Whether the member holds a message that was handed out alone, so that it cannot be given another now. */
    public boolean holdsAlone(int member) {
        return group.isJoined(member) && lone.holds(member);
    }

    /** The member acknowledges a message only once others follow: it is handed last chances like any message. */
    public void trails(int member) {
        lone.trails(member);
    }

    /**
     * The member takes part in other partitions' groups as well. Before it is handed a message alone it {@link #drains}
     * here, and somebody has to see to it that it holds nothing there, and {@link #grant} it.
     */
    public void share(int member) {
        lone.share(member);
    }

    /** The member that is to hold nothing, so that it may be handed a message alone; or {@link PartitionGroup#NONE}. */
    public int drains() {
        return lone.draining();
    }

    /** Whether a shared member may be handed a message alone; ends by itself when that is settled. */
    public void grant(int member, boolean now) {
        if (group.isJoined(member)) {
            lone.grant(member, now);
            group.inHand.onRoomChanged();
        }
    }

    /** Whether the member is to be handed nothing here because another partition wants it alone. */
    public void reserve(int member, boolean now) {
        if (group.isJoined(member)) {
            group.members.reserve(member, now);
            group.inHand.onRoomChanged();
        }
    }
}
