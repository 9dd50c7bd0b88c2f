package dev.recado.core.group;

/** Whose turn it is of the members with room, in the order of their ring. One owner. */
final class RingTurn {

    static final int NONE = -1;

    private final RingBits room;
    private int turn;

    /** {@code room} says who has some, by the place in the ring. */
    RingTurn(RingBits room) {
        this.room = room;
    }

    /** Who was at that place is gone, and those behind have moved up. */
    void onGone(int place) {
        if (turn > place) {
            turn--;
        }
    }

    /** The place whose turn it is, with room or without. */
    int place(int ringSize) {
        return turn >= ringSize ? 0 : turn;
    }

    /** Whose turn it is of those with room, which moves the turn on; {@link #NONE} if nobody has room. */
    int take(int[] ring, int ringSize) {
        if (room.count() == 0) {
            return NONE;
        }
        int at = nextWithRoom(turn, ringSize);
        turn = at + 1;
        return ring[at];
    }

    /** Of those with room the one with the fewest in flight, the next in turn among equals. */
    int takeLeastLoaded(int[] ring, int ringSize, int[] inFlight) {
        if (room.count() == 0) {
            return NONE;
        }
        int best = nextWithRoom(turn, ringSize);
        int at = best;
        for (int i = 1; i < room.count() && inFlight[ring[best]] > 0; i++) {
            at = nextWithRoom(at + 1, ringSize);
            if (inFlight[ring[at]] < inFlight[ring[best]]) {
                best = at;
            }
        }
        turn = best + 1;
        return ring[best];
    }

    /** The first place with room at or after {@code from}, around the ring; somebody must have room. */
    private int nextWithRoom(int from, int ringSize) {
        return room.next(from >= ringSize ? 0 : from);
    }
}
