package dev.recado.core.group;

import java.util.Arrays;

/**
 * Keeps the turn of a full member for it while others have room, where it has fallen behind who would get the message,
 * and within {@link TurnAllowance}. Who did not take a turn that was kept is not waited for again before it has given
 * something back.
 *
 * <p>Behind is who was handed less than another, by more than its credit and more than a fifth of an equal share, since
 * the group last had nothing to hand out. So equal members, of which now this one and now that one is held up, are
 * seldom waited for.
 */
final class KeptTurn {

    static final int NONE = -1;

    /** Who has no room for no other reason than its credit, and may be waited for. */
    private final RingBits full = new RingBits();

    /** Who may hold more has work enough in hand while others go on, and shares even out without waiting. */
    static final int CREDIT_MAX = 64;

    /** What was handed out of late is counted to that; then all counts are halved. */
    private static final int HANDED_MAX = 1 << 16;
    /** Members may be apart by this part of an equal share. */
    private static final int APART_PART = 5;

    private final TurnAllowance allowance = new TurnAllowance();
    private static final boolean[] NO_FLAGS = {};
    private static final int[] NO_INTS = {};

    private boolean[] lapsed = NO_FLAGS;
    /** How many messages each member was handed, in the {@link #period} that stands beside. */
    private int[] handed = NO_INTS;

    private int[] handedIn = NO_INTS;
    private int period;
    private int handedSum;
    /** Whose turn is kept, or {@link #NONE}. */
    private int kept = NONE;

    /** Makes room for members below {@code capacity}. */
    void ensure(int capacity) {
        lapsed = Arrays.copyOf(lapsed, capacity);
        handed = Arrays.copyOf(handed, capacity);
        handedIn = Arrays.copyOf(handedIn, capacity);
        full.ensure(capacity);
    }

    void set(int place, int member, boolean isFull) {
        full.set(place, isFull && !lapsed[member]);
    }

    /** The member joins behind those in the ring, as if it had had as little as any of them. */
    void join(int member, int[] ring, int ringSize) {
        int least = ringSize == 0 ? 0 : Integer.MAX_VALUE;
        for (int i = 0; i < ringSize; i++) {
            least = Math.min(least, handedTo(ring[i]));
        }
        forgive(member);
        allowance.renew();
        handed[member] = least;
        handedIn[member] = period;
    }

    void onHanded(int member) {
        handed[member] = handedTo(member) + 1;
        handedIn[member] = period;
        if (++handedSum >= HANDED_MAX) {
            handedSum /= 2;
            for (int i = 0; i < handed.length; i++) {
                handed[i] /= 2;
            }
        }
    }

    private int handedTo(int member) {
        return handedIn[member] == period ? handed[member] : 0;
    }

    /** There is nothing to hand out: who has had how much is forgotten. */
    void rest() {
        if (handedSum > 0) {
            handedSum = 0;
            period++;
        }
    }

    /** The member gave something back. */
    void forgive(int member) {
        lapsed[member] = false;
    }

    void leave(int member) {
        kept = kept == member ? NONE : kept;
        full.clear();
    }

    /**
     * Whether the turn is kept as of now.
     *
     * @param from the place whose turn it is
     * @param next the place of who gets the message otherwise
     */
    boolean keeps(long nowMs, int from, int next, int[] ring, int ringSize, int[] credit) {
        if (full.count() == 0 && kept == NONE) {
            return false;
        }
        allowance.look(nowMs, kept != NONE);
        if (full.count() == 0) {
            kept = NONE;
            return false;
        }
        int waiting = full.next(from);
        int member = ring[waiting];
        boolean first = (waiting - from + ringSize) % ringSize < (next - from + ringSize) % ringSize;
        int apart = handedTo(ring[next]) - handedTo(member);
        int apartMax = Math.max(credit[member], handedSum / (APART_PART * ringSize));
        boolean may = credit[member] <= CREDIT_MAX && credit[member] >= credit[ring[next]];
        if (!first || !may || apart <= apartMax) {
            kept = NONE;
        } else if (kept != member) {
            kept = allowance.begin() ? member : NONE;
        } else if (allowance.endsMs() <= nowMs) {
            lapse(waiting);
        }
        return kept != NONE;
    }

    /** Until when the turn is kept; {@link Long#MAX_VALUE} where it is not. */
    long untilMs() {
        return kept == NONE ? Long.MAX_VALUE : allowance.endsMs();
    }

    /** Ends a wait that is over. */
    void endIfOver(long nowMs, int[] place) {
        if (untilMs() <= nowMs) {
            allowance.look(nowMs, true);
            lapse(place[kept]);
        }
    }

    private void lapse(int place) {
        lapsed[kept] = true;
        full.set(place, false);
        kept = NONE;
    }
}
