package dev.recado.core.group;

import dev.recado.base.Check;
import dev.recado.base.RangeSet;
import java.util.Arrays;

/**
 * The members of one group in ring order, what each holds, and who has room.
 *
 * <p>A member is a small int chosen by the caller and reused after it left. Who has room is one bit per place in the
 * ring, so that choosing costs the same however many are full.
 */
final class Members {

    static final int NONE = -1;
    /** Members of one group on one partition. */
    static final int MEMBERS_MAX = 1 << 20;

    private int[] credit = {};
    private int[] inFlight = {};
    private boolean[] paused = {};
    private int[] place = {};
    private RangeSet[] held = {};

    private int[] ring = {};
    private int ringSize;
    private long[] room = {};
    private int roomCount;
    private int turn;

    /** Members with credit in ring order: those that key slots are shared among. */
    private int[] pushed = {};

    private int pushedCount;

    void join(int member, int newCredit) {
        Check.that(member >= 0 && member < MEMBERS_MAX, "member out of bounds", member);
        Check.that(newCredit >= 0, "negative credit", newCredit);
        Check.that(!isJoined(member), "member joined twice", member);
        if (member >= place.length) {
            grow(member);
        }
        if (ringSize == ring.length) {
            ring = Arrays.copyOf(ring, Math.max(4, 2 * ringSize));
            room = Arrays.copyOf(room, (ring.length + 63) / 64);
        }
        credit[member] = newCredit;
        inFlight[member] = 0;
        paused[member] = false;
        place[member] = ringSize;
        ring[ringSize++] = member;
        refresh(member);
        gatherPushed();
    }

    /** Takes the member out of the ring; what it holds stays in {@link #held} for the caller to empty. */
    void leave(int member) {
        int gone = place[member];
        System.arraycopy(ring, gone + 1, ring, gone, ringSize - gone - 1);
        ringSize--;
        if (turn > gone) {
            turn--;
        }
        place[member] = NONE;
        Arrays.fill(room, 0);
        roomCount = 0;
        for (int i = 0; i < ringSize; i++) {
            place[ring[i]] = i;
            refresh(ring[i]);
        }
        gatherPushed();
    }

    boolean isJoined(int member) {
        return member >= 0 && member < place.length && place[member] != NONE;
    }

    int count() {
        return ringSize;
    }

    int credit(int member) {
        return isJoined(member) ? credit[member] : 0;
    }

    int inFlight(int member) {
        return isJoined(member) ? inFlight[member] : 0;
    }

    int freeCredit(int member) {
        return isJoined(member) ? Math.max(0, credit[member] - inFlight[member]) : 0;
    }

    /** Offsets in the hands of {@code member}, which is or was a member. */
    RangeSet held(int member) {
        return held[member];
    }

    /** Answers how much unused credit was taken away: 0 where {@code delta} is not negative. */
    int addCredit(int member, int delta) {
        int before = credit[member];
        int taken = delta >= 0 ? 0 : (int) Math.min(-(long) delta, freeCredit(member));
        credit[member] = (int) Math.min(Integer.MAX_VALUE, (long) before + Math.max(delta, -taken));
        refresh(member);
        if (before > 0 != credit[member] > 0) {
            gatherPushed();
        }
        return taken;
    }

    void pause(int member, boolean nowPaused) {
        paused[member] = nowPaused;
        refresh(member);
    }

    void onTaken(int member, long offset) {
        held[member].add(offset);
        if (++inFlight[member] >= credit[member]) {
            refresh(member);
        }
    }

    /** {@code count} offsets, already out of {@link #held}, are no longer in the member's hands. */
    void onReturned(int member, int count) {
        int before = inFlight[member];
        inFlight[member] = before - count;
        if (before >= credit[member] && isJoined(member)) {
            refresh(member);
        }
    }

    /** Everything in everybody's hands is forgotten. */
    void forgetHeld() {
        for (int i = 0; i < ringSize; i++) {
            held[ring[i]].clear();
            inFlight[ring[i]] = 0;
            refresh(ring[i]);
        }
    }

    /** Whether somebody could be handed a message. */
    boolean anyHasRoom(Strategy strategy) {
        return strategy == Strategy.SINGLE_ACTIVE ? ringSize > 0 && hasRoom(ring[0]) : roomCount > 0;
    }

    /** Who gets the next message, or {@link #NONE}; not for key order, which depends on the message. */
    int choose(Strategy strategy) {
        return switch (strategy) {
            case LEAST_IN_FLIGHT -> takeLeastLoaded();
            case SINGLE_ACTIVE -> anyHasRoom(strategy) ? ring[0] : NONE;
            case ROUND_ROBIN, KEY_ORDERED -> takeTurn();
        };
    }

    /** Whether a message may go to this member because it asks; that needs no credit. */
    boolean mayPull(int member, Strategy strategy) {
        return isJoined(member) && !paused[member] && (strategy != Strategy.SINGLE_ACTIVE || ring[0] == member);
    }

    boolean hasRoom(int member) {
        int at = place[member];
        return (room[at >>> 6] & 1L << at) != 0;
    }

    /** Whose turn it is of those with room, which moves the turn on; {@link #NONE} if nobody has room. */
    private int takeTurn() {
        if (roomCount == 0) {
            return NONE;
        }
        int at = nextWithRoom(turn);
        turn = at + 1;
        return ring[at];
    }

    /** Of those with room the one with the fewest in flight, the next in turn among equals. */
    private int takeLeastLoaded() {
        if (roomCount == 0) {
            return NONE;
        }
        int best = nextWithRoom(turn);
        int at = best;
        for (int i = 1; i < roomCount && inFlight[ring[best]] > 0; i++) {
            at = nextWithRoom(at + 1);
            if (inFlight[ring[at]] < inFlight[ring[best]]) {
                best = at;
            }
        }
        turn = best + 1;
        return ring[best];
    }

    /** The member that key slot {@code slot} belongs to while nothing of it is in flight, or {@link #NONE}. */
    int memberOfSlot(int slot) {
        return pushedCount == 0 ? NONE : pushed[slot % pushedCount];
    }

    /** The first place with room at or after {@code from}, around the ring; somebody must have room. */
    private int nextWithRoom(int from) {
        int at = from >= ringSize ? 0 : from;
        int word = at >>> 6;
        long bits = room[word] & -1L << at;
        while (bits == 0) {
            word = word + 1 == room.length ? 0 : word + 1;
            bits = room[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    private void refresh(int member) {
        int at = place[member];
        long bit = 1L << at;
        boolean had = (room[at >>> 6] & bit) != 0;
        boolean has = !paused[member] && inFlight[member] < credit[member];
        if (had != has) {
            room[at >>> 6] ^= bit;
            roomCount += has ? 1 : -1;
        }
    }

    private void gatherPushed() {
        if (pushed.length < ringSize) {
            pushed = new int[ring.length];
        }
        pushedCount = 0;
        for (int i = 0; i < ringSize; i++) {
            if (credit[ring[i]] > 0) {
                pushed[pushedCount++] = ring[i];
            }
        }
    }

    private void grow(int member) {
        int old = place.length;
        int capacity = Math.max(4, Math.max(member + 1, 2 * old));
        credit = Arrays.copyOf(credit, capacity);
        inFlight = Arrays.copyOf(inFlight, capacity);
        paused = Arrays.copyOf(paused, capacity);
        place = Arrays.copyOf(place, capacity);
        held = Arrays.copyOf(held, capacity);
        for (int i = old; i < capacity; i++) {
            place[i] = NONE;
            held[i] = new RangeSet();
        }
    }
}
