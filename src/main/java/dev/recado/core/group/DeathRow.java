package dev.recado.core.group;

import dev.recado.base.BackOff;
import dev.recado.base.Check;
import dev.recado.base.RangeSet;

/**
 * What a group has given up for the dead-letter topic: the condemned, which wait until the bound allows, those with the
 * caller, and those that the topic refused, which wait in the heap of back-offs.
 */
final class DeathRow {

    /** Offsets with the caller, or refused and waiting. */
    static final int DYING_MAX = 1_000;

    /** What may be given up unasked while so many are here. */
    private static final int CONDEMNED_MAX = 2 * DYING_MAX;

    private static final long REFUSED_BACK_OFF_MS = 100;
    private static final long REFUSED_BACK_OFF_MAX_MS = 10_000;

    private final OpenOffsets open;
    private final DeadlineHeap backOffs;
    private final RangeSet condemned = new RangeSet();
    private int dying;
    private int delayed;

    DeathRow(OpenOffsets open, DeadlineHeap backOffs) {
        this.open = open;
        this.backOffs = backOffs;
    }

    /** How many offsets are here. */
    int count() {
        return dying + delayed + (int) condemned.count();
    }

    /** Whether nothing is to come that nobody has rejected. */
    boolean isFull() {
        return room() == 0;
    }

    /** How many more of these there may be. */
    int room() {
        return Math.max(0, CONDEMNED_MAX - count());
    }

    /** Of these, how many the dead-letter topic refused and that wait. */
    int delayedCount() {
        return delayed;
    }

    /** Ranges in which the condemned are kept. */
    int rangeCount() {
        return condemned.rangeCount();
    }

    /** Takes a record that is in no other place. */
    void condemn(int record, DeathCause cause, String reason) {
        open.reason[record] = reason;
        open.after[record] = cause.number();
        open.member[record] = 0;
        waitForCaller(record);
    }

    /** To be handed to the caller, for the first time or after a refusal. */
    void waitForCaller(int record) {
        open.state[record] = OpenOffsets.DEATH_ROW;
        condemned.add(open.offset[record]);
    }

    /** Whether a condemned offset could go to the caller. */
    boolean mayDie() {
        return !condemned.isEmpty() && dying + delayed < DYING_MAX;
    }

    /** Hands the condemned to the caller as far as the bound allows. */
    void dispatch(GroupEffects effects) {
        while (mayDie()) {
            long offset = condemned.first();
            int record = open.find(offset);
            condemned.remove(offset);
            open.state[record] = OpenOffsets.DYING;
            dying++;
            String reason = open.reason[record];
            effects.deadLetter(offset, open.attempt[record], reason == null ? "" : reason);
        }
    }

    /** Of an offset that is here. */
    DeathCause cause(long offset) {
        return DeathCause.of(open.after[open.find(offset)]);
    }

    boolean isDying(long offset) {
        int record = open.find(offset);
        return record != OpenOffsets.NONE && open.state[record] == OpenOffsets.DYING;
    }

    /** The dead-letter topic refused: tries again later, each time after twice as long. */
    void delay(long offset, long nowMs) {
        int record = open.find(offset);
        dying--;
        delayed++;
        int refusals = ++open.member[record];
        open.state[record] = OpenOffsets.DEATH_DELAYED;
        open.deadline[record] = nowMs + BackOff.step(REFUSED_BACK_OFF_MS, REFUSED_BACK_OFF_MAX_MS, refusals);
        backOffs.add(record);
    }

    /** Takes a record out of the place where its state says that it is. */
    void unlink(int record) {
        switch (open.state[record]) {
            case OpenOffsets.DEATH_ROW -> condemned.remove(open.offset[record]);
            case OpenOffsets.DYING -> dying--;
            case OpenOffsets.DEATH_DELAYED -> {
                backOffs.remove(record);
                delayed--;
            }
            default -> Check.that(false, "record in no state", open.offset[record]);
        }
    }

    /** Forgets everything; the heap is the caller's to empty. */
    void clear() {
        condemned.clear();
        dying = 0;
        delayed = 0;
    }
}
