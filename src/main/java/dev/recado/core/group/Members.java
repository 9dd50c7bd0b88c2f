package dev.recado.core.group;

import dev.recado.base.Check;
import dev.recado.base.RangeSet;
import java.util.Arrays;

/**
 * The members of one group in ring order, what each holds, and who has room.
 *
 * <p>A member is a small int chosen by the caller and reused after it left. Who has room is one bit per place in the
 * ring, so that choosing costs the same however many are full. The turn of a full one is kept for a moment: {@link
 * KeptTurn}.
 *
 * <p>A member is <em>silent</em> from the end of one of its leases until it gives a sign of life. It has no room then,
 * unless it is the only one: what it does not take care of would wait for nobody.
 */
final class Members {

    static final int NONE = -1;
    /** Members of one group on one partition. */
    static final int MEMBERS_MAX = 1 << 20;

    private static final int[] NO_INTS = {};
    private static final boolean[] NO_FLAGS = {};
    private static final long[] NO_LONGS = {};
    private static final RangeSet[] NO_SETS = {};

    private int[] credit = NO_INTS;
    private int[] inFlight = NO_INTS;
    private boolean[] paused = NO_FLAGS;
    private boolean[] silent = NO_FLAGS;
    /** Orders the members by when they were last heard of. */
    private long[] heardAt = NO_LONGS;

    private int[] place = NO_INTS;
    private RangeSet[] held = NO_SETS;
    private long signs;

    private int[] ring = NO_INTS;
    private int ringSize;
    private final RingBits room = new RingBits();
    final KeptTurn keptTurn = new KeptTurn();
    final LoneHolders lone = new LoneHolders();
    private int turn;
    /** Who has the role of {@link Strategy#SINGLE_ACTIVE}, as {@link #active} knew last. */
    private int active = NONE;

    /** Members with credit in ring order: those that key slots are shared among. */
    private int[] pushed = NO_INTS;

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
            room.ensure(ring.length);
        }
        credit[member] = newCredit;
        inFlight[member] = 0;
        paused[member] = false;
        silent[member] = false;
        lone.join(member);
        keptTurn.join(member, ring, ringSize);
        heardAt[member] = ++signs;
        place[member] = ringSize;
        ring[ringSize++] = member;
        refresh(ring[0]);
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
        active = active == member ? NONE : active;
        lone.leave(member);
        keptTurn.leave(member);
        room.clear();
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

    /**
     * A lease of the member ended: nothing more for it until {@link #hear}. Its key slots and the active role stay with
     * it while it holds anything.
     */
    void silence(int member) {
        if (!silent[member] && !lone.isTrailing(member)) {
            silent[member] = true;
            refresh(member);
            gatherPushed();
        }
    }

    /** A sign of life of whoever is joined under that number; answers whether it was silent. */
    boolean hear(int member) {
        if (!isJoined(member)) {
            return false;
        }
        heardAt[member] = ++signs;
        if (!silent[member]) {
            return false;
        }
        silent[member] = false;
        refresh(member);
        gatherPushed();
        return true;
    }

    boolean isSilent(int member) {
        return isJoined(member) && silent[member];
    }

    int silentCount() {
        int count = 0;
        for (int i = 0; i < ringSize; i++) {
            count += silent[ring[i]] ? 1 : 0;
        }
        return count;
    }

    /** Whether the member is to hold nothing here, for another partition. */
    void reserve(int member, boolean now) {
        lone.reserve(member, now);
        refresh(member);
    }

    /** What the member was just handed is all that it gets for now. */
    void onTakenAlone(int member) {
        lone.onTaken(member);
        refresh(member);
    }

    void onTaken(int member, long offset) {
        held[member].add(offset);
        keptTurn.onHanded(member);
        if (++inFlight[member] >= credit[member]) {
            refresh(member);
        }
    }

    /** {@code count} offsets, already out of {@link #held}, are no longer in the member's hands. */
    void onReturned(int member, int count) {
        int before = inFlight[member];
        inFlight[member] = before - count;
        keptTurn.forgive(member);
        if (!isJoined(member)) {
            return;
        }
        if (inFlight[member] == 0 && (lone.holds(member) || silent[member])) {
            lone.onEmpty(member);
            refresh(member);
            gatherPushed();
        } else if (before >= credit[member]) {
            refresh(member);
        }
    }

    /** Everything in everybody's hands is forgotten. */
    void forgetHeld() {
        for (int i = 0; i < ringSize; i++) {
            held[ring[i]].clear();
            inFlight[ring[i]] = 0;
            lone.onEmpty(ring[i]);
            keptTurn.forgive(ring[i]);
            refresh(ring[i]);
        }
        gatherPushed();
    }

    /** Whether somebody could be handed a message. */
    boolean anyHasRoom(Strategy strategy) {
        return strategy == Strategy.SINGLE_ACTIVE ? active() != NONE && hasRoom(active) : room.count() > 0;
    }

    /**
     * Whether the turn is that of a member which is full, and is kept for it: then nobody is handed a message now. It
     * is not kept where who would get the message has a larger credit, or has had about as much.
     */
    boolean keepsTurn(long nowMs) {
        int from = turn >= ringSize ? 0 : turn;
        return room.count() > 0 && keptTurn.keeps(nowMs, from, room.next(from), ring, ringSize, credit);
    }

    /** Who gets the next message, or {@link #NONE}; not for key order, which depends on the message. */
    int choose(Strategy strategy) {
        return switch (strategy) {
            case LEAST_IN_FLIGHT -> takeLeastLoaded();
            case SINGLE_ACTIVE -> anyHasRoom(strategy) ? active : NONE;
            case ROUND_ROBIN, KEY_ORDERED -> takeTurn();
        };
    }

    /** Whether a message may go to this member because it asks; that needs no credit. */
    boolean mayPull(int member, Strategy strategy) {
        return isJoined(member)
                && !paused[member]
                && !lone.holds(member)
                && (strategy != Strategy.SINGLE_ACTIVE || active() == member);
    }

    /**
     * Who may be handed a message alone: of those that hold nothing and could be handed something, the one that was
     * heard of last; {@link #NONE} if all are at work. Walks over the members.
     */
    int chooseIdle(Strategy strategy) {
        if (strategy == Strategy.SINGLE_ACTIVE) {
            return active() != NONE && isIdle(active) ? active : NONE;
        }
        int best = NONE;
        for (int i = 0; i < ringSize; i++) {
            int member = ring[i];
            if (isIdle(member) && (best == NONE || heardAt[member] > heardAt[best])) {
                best = member;
            }
        }
        return best;
    }

    boolean isIdle(int member) {
        return lone.isAtLeisure(member, inFlight[member], credit[member]) && mayGet(member);
    }

    /** Somebody is to become idle, the one with the fewest in flight, and as long as it can it stays that one. */
    void drainAny(Strategy strategy) {
        int draining = lone.draining();
        if (draining != NONE && mayDrain(draining)) {
            return;
        }
        int best = NONE;
        for (int i = 0; i < ringSize; i++) {
            int member = ring[i];
            boolean may = mayDrain(member) && (strategy != Strategy.SINGLE_ACTIVE || active() == member);
            if (may && (best == NONE || inFlight[member] < inFlight[best])) {
                best = member;
            }
        }
        drain(best);
    }

    private boolean mayDrain(int member) {
        return credit[member] > 0 && !lone.holds(member) && mayGet(member);
    }

    /** Only {@code member} is to become idle, where anybody may be; {@link #NONE} if nobody. */
    void drain(int member) {
        int before = lone.draining();
        if (lone.drain(member)) {
            refreshIfAny(before);
            refreshIfAny(lone.draining());
        }
    }

    /**
     * Looks at the clock: a turn is not kept for too long; who has not become idle in {@code patienceMs} (its work is
     * long) gets messages again, and for as long nobody else drains. Answers whether that changed who gets messages.
     */
    boolean boundWaits(long nowMs, long patienceMs) {
        keptTurn.endIfOver(nowMs, place);
        int before = lone.draining();
        if (!lone.boundDrain(nowMs, patienceMs)) {
            return false;
        }
        refreshIfAny(before);
        return true;
    }

    /** When {@link #boundWaits} has something to do. */
    long deadlineMs() {
        return Math.min(keptTurn.untilMs(), lone.deadlineMs());
    }

    /**
     * The holder of the active role. It passes to the first in the ring that is not silent, once its holder has left,
     * or is silent and holds nothing; a former holder that is heard of again stands by.
     */
    private int active() {
        if (active == NONE || silent[active] && inFlight[active] == 0) {
            int heir = active == NONE && ringSize > 0 ? ring[0] : active;
            for (int i = ringSize - 1; i >= 0; i--) {
                heir = silent[ring[i]] ? heir : ring[i];
            }
            active = heir;
        }
        return active;
    }

    boolean hasRoom(int member) {
        return room.get(place[member]);
    }

    /** Whose turn it is of those with room, which moves the turn on; {@link #NONE} if nobody has room. */
    private int takeTurn() {
        if (room.count() == 0) {
            return NONE;
        }
        int at = nextWithRoom(turn);
        turn = at + 1;
        return ring[at];
    }

    /** Of those with room the one with the fewest in flight, the next in turn among equals. */
    private int takeLeastLoaded() {
        if (room.count() == 0) {
            return NONE;
        }
        int best = nextWithRoom(turn);
        int at = best;
        for (int i = 1; i < room.count() && inFlight[ring[best]] > 0; i++) {
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
        return room.next(from >= ringSize ? 0 : from);
    }

    private void refreshIfAny(int member) {
        if (member != NONE) {
            refresh(member);
        }
    }

    private void refresh(int member) {
        boolean may = mayGet(member) && !lone.holds(member) && member != lone.draining();
        boolean has = inFlight[member] < credit[member];
        room.set(place[member], may && has);
        keptTurn.set(place[member], member, may && !has && credit[member] > 0);
    }

    private boolean mayGet(int member) {
        return !paused[member] && !lone.isReserved(member) && !isShut(member);
    }

    private boolean isShut(int member) {
        return silent[member] && ringSize > 1;
    }

    /** Who is silent keeps its slots while it holds something. */
    private void gatherPushed() {
        if (pushed.length < ringSize) {
            pushed = new int[ring.length];
        }
        pushedCount = 0;
        for (int i = 0; i < ringSize; i++) {
            int member = ring[i];
            if (credit[member] > 0 && (inFlight[member] > 0 || !isShut(member))) {
                pushed[pushedCount++] = member;
            }
        }
    }

    private void grow(int member) {
        int old = place.length;
        int capacity = Math.max(4, Math.max(member + 1, 2 * old));
        credit = Arrays.copyOf(credit, capacity);
        inFlight = Arrays.copyOf(inFlight, capacity);
        paused = Arrays.copyOf(paused, capacity);
        silent = Arrays.copyOf(silent, capacity);
        lone.ensure(capacity);
        keptTurn.ensure(capacity);
        heardAt = Arrays.copyOf(heardAt, capacity);
        place = Arrays.copyOf(place, capacity);
        held = Arrays.copyOf(held, capacity);
        for (int i = old; i < capacity; i++) {
            place[i] = NONE;
            held[i] = new RangeSet();
        }
    }
}
