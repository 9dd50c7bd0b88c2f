package dev.recado.core.group;

/**
 * Who is handed a message alone, and who is to become idle for one. Of the owner of the group; walks over the members.
 */
final class LoneChoice {

    private static final int NONE = -1;

    private final Members members;

    LoneChoice(Members members) {
        this.members = members;
    }

    /**
     * Who may be handed a message alone: of those that hold nothing and could be handed something, the one of the
     * highest priority that was heard of last; {@link #NONE} if all are at work.
     */
    int idle(Strategy strategy) {
        if (strategy == Strategy.SINGLE_ACTIVE) {
            int active = members.active();
            return active != NONE && members.isIdle(active) ? active : NONE;
        }
        int best = NONE;
        for (int place = 0; place < members.count(); place++) {
            int member = members.at(place);
            if (members.isIdle(member)
                    && (best == NONE || isBetter(member, best, members.signs.isLater(member, best)))) {
                best = member;
            }
        }
        return best;
    }

    /** Of two equal priorities {@code other} says which is better. */
    private boolean isBetter(int member, int best, boolean amongEquals) {
        return members.ranks.isHigher(member, best) || !members.ranks.isHigher(best, member) && amongEquals;
    }

    /**
     * Somebody is to become idle, of the highest priority the one with the fewest in flight, and as long as it can it
     * stays that one.
     */
    void drainAny(Strategy strategy) {
        int draining = members.lone.draining();
        if (draining != NONE && members.mayDrain(draining)) {
            return;
        }
        int best = NONE;
        for (int place = 0; place < members.count(); place++) {
            int member = members.at(place);
            boolean may =
                    members.mayDrain(member) && (strategy != Strategy.SINGLE_ACTIVE || members.active() == member);
            if (may && (best == NONE || isBetter(member, best, members.inFlight(member) < members.inFlight(best)))) {
                best = member;
            }
        }
        members.drain(best);
    }
}
