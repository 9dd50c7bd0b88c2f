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
    /** The place of who has left the ring and still holds something. */
    private static final int CEASED = -2;

    /** Members of one group on one partition. */
    static final int MEMBERS_MAX = 1 << 20;

    private static final int[] NO_INTS = {};
    private static final boolean[] NO_FLAGS = {};
    private static final RangeSet[] NO_SETS = {};

    private int[] credit = NO_INTS;
    private int[] inFlight = NO_INTS;
    private boolean[] paused = NO_FLAGS;
    final SignsOfLife signs = new SignsOfLife();

    private int[] place = NO_INTS;
    private RangeSet[] held = NO_SETS;

    private int[] ring = NO_INTS;
    private int ringSize;
    private final RingBits room = new RingBits();
    final KeptTurn keptTurn = new KeptTurn();
    final LoneHolders lone = new LoneHolders();
    private final RingTurn turns = new RingTurn(room);
    final Ranks ranks = new Ranks();
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
        signs.join(member);
        ranks.put(member, 0);
        lone.join(member);
        keptTurn.join(member, ring, ringSize);
        place[member] = ringSize;
        ring[ringSize++] = member;
        if (ranks.differ() || ranks.of(ring[0]) == 0) {
            refresh(ring[0]);
            refresh(member);
        } else {
            refreshAll();
        }
        gatherPushed();
    }

    /** Gives a member that is in the ring a priority, 0 where none was given. */
    void prefer(int member, int priority) {
        if (!isCeased(member) && ranks.of(member) != priority) {
            ranks.put(member, priority);
            refreshAll();
        }
    }

    /** The member leaves; what it holds stays in {@link #held} for the caller to empty. */
    void leave(int member) {
        if (!isCeased(member)) {
            takeOut(member);
        }
        place[member] = NONE;
    }

    /**
     * Takes the member out of the ring: it is handed nothing more and counts no more, but what it holds stays with it,
     * and so do the key slots of that.
     */
    void cease(int member) {
        if (!isCeased(member)) {
            takeOut(member);
        }
    }

    /** Whether the member keeps what it holds and is handed nothing more. */
    boolean isCeased(int member) {
        return place[member] == CEASED;
    }

    private void takeOut(int member) {
        int gone = place[member];
        System.arraycopy(ring, gone + 1, ring, gone, ringSize - gone - 1);
        ringSize--;
        turns.onGone(gone);
        place[member] = CEASED;
        active = active == member ? NONE : active;
        lone.leave(member);
        keptTurn.leave(member);
        for (int i = gone; i < ringSize; i++) {
            place[ring[i]] = i;
        }
        refreshAll();
        gatherPushed();
    }

    boolean isJoined(int member) {
        return member >= 0 && member < place.length && place[member] != NONE;
    }

    int count() {
        return ringSize;
    }

    /** The member at that place in the ring. */
    int at(int ringPlace) {
        return ring[ringPlace];
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
        if (!isCeased(member) && !lone.isTrailing(member) && signs.silence(member)) {
            refresh(member);
            gatherPushed();
        }
    }

    /** A sign of life of whoever is joined under that number; answers whether it was silent. */
    boolean hear(int member) {
        if (!isJoined(member)) {
            return false;
        }
        if (!signs.hear(member)) {
            return false;
        }
        refresh(member);
        gatherPushed();
        return true;
    }

    boolean isSilent(int member) {
        return isJoined(member) && signs.isSilent(member);
    }

    int silentCount() {
        int count = 0;
        for (int i = 0; i < ringSize; i++) {
            count += signs.isSilent(ring[i]) ? 1 : 0;
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
        if (inFlight[member] == 0 && (lone.holds(member) || signs.isSilent(member))) {
            lone.onEmpty(member);
            refresh(member);
            gatherPushed();
        } else if (before >= credit[member]) {
            refresh(member);
        }
    }

    /** Everything in everybody's hands is forgotten. */
    void forgetHeld() {
        for (int member = 0; member < place.length; member++) {
            if (isJoined(member)) {
                held[member].clear();
                inFlight[member] = 0;
                lone.onEmpty(member);
                keptTurn.forgive(member);
                refresh(member);
            }
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
        int from = turns.place(ringSize);
        return room.count() > 0 && keptTurn.keeps(nowMs, from, room.next(from), ring, ringSize, credit);
    }

    /** Who gets the next message, or {@link #NONE}; not for key order, which depends on the message. */
    int choose(Strategy strategy) {
        return switch (strategy) {
            case LEAST_IN_FLIGHT -> turns.takeLeastLoaded(ring, ringSize, inFlight);
            case SINGLE_ACTIVE -> anyHasRoom(strategy) ? active : NONE;
            case ROUND_ROBIN, KEY_ORDERED -> turns.take(ring, ringSize);
        };
    }

    /** Whether a message may go to this member because it asks; that needs no credit. */
    boolean mayPull(int member, Strategy strategy) {
        return isJoined(member)
                && !paused[member]
                && !isCeased(member)
                && !lone.holds(member)
                && (strategy != Strategy.SINGLE_ACTIVE || active() == member);
    }

    boolean isIdle(int member) {
        return lone.isAtLeisure(member, inFlight[member], credit[member]) && mayGet(member);
    }

    /** Whether the member could become idle and be handed a message then. */
    boolean mayDrain(int member) {
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
     * The holder of the active role. It passes to the first of the highest priority that is not silent, once its holder
     * left, or is silent and holds nothing; a former holder that is heard of again stands by.
     */
    int active() {
        if (active == NONE || signs.isSilent(active) && inFlight[active] == 0) {
            int heir = NONE;
            for (int i = 0; i < ringSize; i++) {
                boolean may = !signs.isSilent(ring[i]);
                heir = may && (heir == NONE || ranks.isHigher(ring[i], heir)) ? ring[i] : heir;
            }
            int none = active == NONE && ringSize > 0 ? ring[0] : active;
            active = heir == NONE ? none : heir;
        }
        return active;
    }

    boolean hasRoom(int member) {
        return !isCeased(member) && (ranks.differ() ? ranks.isAble(place[member]) : room.get(place[member]));
    }

    /** The member that key slot {@code slot} belongs to while nothing of it is in flight, or {@link #NONE}. */
    int memberOfSlot(int slot) {
        return pushedCount == 0 ? NONE : pushed[slot % pushedCount];
    }

    private void refreshIfAny(int member) {
        if (member != NONE) {
            refresh(member);
        }
    }

    private void refresh(int member) {
        if (isCeased(member)) {
            return;
        }
        if (ranks.differ()) {
            boolean able = isOpen(member) && inFlight[member] < credit[member];
            if (ranks.note(place[member], member, able, room, ring)) {
                for (int i = 0; i < ringSize; i++) {
                    show(ring[i]);
                }
                return;
            }
        }
        show(member);
    }

    private void refreshAll() {
        ranks.begin(ring, ringSize);
        room.clear();
        for (int i = 0; i < ringSize; i++) {
            refresh(ring[i]);
        }
    }

    /** Shows who has room, and who has none for no other reason than its credit. */
    private void show(int member) {
        boolean may = isOpen(member) && ranks.isServed(member);
        boolean has = inFlight[member] < credit[member];
        room.set(place[member], may && has);
        keptTurn.set(place[member], member, may && !has && credit[member] > 0);
    }

    /** Whether it is handed messages as far as its credit goes. */
    private boolean isOpen(int member) {
        return mayGet(member) && !lone.holds(member) && member != lone.draining();
    }

    private boolean mayGet(int member) {
        return !paused[member] && !isCeased(member) && !lone.isReserved(member) && !isShut(member);
    }

    private boolean isShut(int member) {
        return signs.isSilent(member) && ringSize > 1;
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
        signs.ensure(capacity);
        lone.ensure(capacity);
        ranks.ensure(capacity);
        keptTurn.ensure(capacity);
        place = Arrays.copyOf(place, capacity);
        held = Arrays.copyOf(held, capacity);
        for (int i = old; i < capacity; i++) {
            place[i] = NONE;
            held[i] = new RangeSet();
        }
    }
}
