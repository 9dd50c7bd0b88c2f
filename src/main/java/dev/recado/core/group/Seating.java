package dev.recado.core.group;

/** Which members of a group are chosen: the side of a group for whoever seats them. Of the owner of the group. */
public final class Seating {

    private final PartitionGroup group;
    private final Members members;

    public Seating(PartitionGroup group) {
        this.group = group;
        members = group.members;
    }

    /**
     * The member is handed nothing more, of pulls neither, and is counted and chosen no more; what it holds stays with
     * it, to be settled or extended, until it ends or the member leaves. The active role passes on at once, a key slot
     * once nothing of it is in the member's hands.
     */
    public void cease(int member) {
        if (group.isJoined(member)) {
            members.cease(member);
            group.inHand.onRoomChanged();
        }
    }

    /**
     * Messages go to members of the highest priority that could be handed one, among these as the strategy says; the
     * active role, when it passes on, to the first of the highest priority. A pull gets its message whatever the
     * priority, and so does the member that a key belongs to.
     */
    public void prefer(int member, int priority) {
        if (group.isJoined(member)) {
            members.prefer(member, priority);
            group.inHand.onRoomChanged();
        }
    }

    /** Whether it is a member that has ceased. */
    public boolean isCeased(int member) {
        return group.isJoined(member) && members.isCeased(member);
    }
}
