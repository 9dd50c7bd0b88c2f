package dev.recado.transport;

import dev.recado.base.Check;
import dev.recado.base.Loan;
import org.jspecify.annotations.Nullable;

/**
 * What came from a socket and was not read yet. It is read in place from the array given to {@link #feed}; only what is
 * left when {@link #letGo} is called is copied, and what a large frame needs is taken from the budget first. The reader
 * sees one window of contiguous bytes, {@code bytes()[from(), to())}, which holds what was kept before, or else what
 * was fed. One owner.
 */
public final class InputAssembly implements Lender.Borrower {

    /** What {@link #more} came to. */
    public enum Outcome {
        /** The window holds what was asked for. */
        READY,
        /** It does not, and cannot before more is fed. */
        NEED_MORE,
        /** The budget is exhausted: ask again later, feed nothing meanwhile. */
        NO_MEMORY
    }

    /** Bytes that a session may keep without asking the budget. */
    public static final int FREE_BYTES = 2 * 1024;
    /** Above this a buffer is given little to spare when it grows. */
    private static final int DOUBLING_BYTES_MAX = 64 * 1024;

    /** Bytes of an emptied buffer that a session keeps for the next partial frame. */
    private static final int IDLE_BYTES = 1024;

    /** Left free before a large frame, for what is written before its payload if its array is given away. */
    private static final int HEADROOM_BYTES = 1024;

    private static final byte[] NOTHING = {};

    private Lender budget;
    private final Runnable onRoom;
    private byte[] held = NOTHING;
    private int heldFrom;
    private int heldTo;
    private boolean given;
    private byte[] fed = NOTHING;
    private int fedFrom;
    private int fedTo;
    /** Taken from the budget's small pool and from its large one; one of them is 0. */
    private long reservedSmall;

    private long reservedLarge;
    private long assemblies;

    /** For an owner that asks again by itself after {@link Outcome#NO_MEMORY}. */
    public InputAssembly(Lender budget) {
        this(budget, InputAssembly::nobodyWaits);
    }

    /** {@code onRoom} is called after {@link Outcome#NO_MEMORY} when there may be memory. */
    public InputAssembly(Lender budget, Runnable onRoom) {
        this.budget = budget;
        this.onRoom = onRoom;
    }

    private static void nobodyWaits() {
        // The owner asks again by itself.
    }

    @Override
    public void onRoom() {
        onRoom.run();
    }

    /** Another lender from now on; of what is large nothing may be reserved. */
    public void lender(Lender lender) {
        Check.that(reservedLarge == 0, "another lender while something is lent", reservedLarge);
        budget.forget(this);
        budget = lender;
    }

    /** Gives bytes to read; the array must stay as it is until {@link #letGo}. */
    public void feed(byte[] bytes, int from, int length) {
        Check.that(fedFrom == fedTo, "fed before the last bytes were kept", fedTo - fedFrom);
        fed = bytes;
        fedFrom = from;
        fedTo = from + length;
    }

    private boolean isHeld() {
        return heldFrom < heldTo;
    }

    /** The array of the window. */
    public byte[] bytes() {
        return isHeld() ? held : fed;
    }

    public int from() {
        return isHeld() ? heldFrom : fedFrom;
    }

    public int to() {
        return isHeld() ? heldTo : fedTo;
    }

    /** Everything that waits, beyond the window too. */
    public int unreadBytes() {
        return heldTo - heldFrom + fedTo - fedFrom;
    }

    /** The first {@code count} bytes of the window were read. */
    public void pass(int count) {
        if (!isHeld()) {
            fedFrom += count;
            return;
        }
        heldFrom += count;
        if (heldFrom == heldTo) {
            emptyHeld();
        }
    }

    /**
     * Makes the window hold {@code needed} bytes; {@code atMost} is what the frame under way may grow to as far as is
     * known, which is what the budget is asked for, so that nobody who holds a part waits for another part.
     */
    public Outcome more(int needed, long atMost) {
        if (needed > FREE_BYTES && !reserve(atMost)) {
            return Outcome.NO_MEMORY;
        }
        if (!isHeld()) {
            return fedTo - fedFrom >= needed ? Outcome.READY : Outcome.NEED_MORE;
        }
        int missing = needed - (heldTo - heldFrom);
        if (missing > 0 && fedFrom < fedTo) {
            hold(Math.min(missing, fedTo - fedFrom), needed);
        }
        return heldTo - heldFrom >= needed ? Outcome.READY : Outcome.NEED_MORE;
    }

    /**
     * As {@link #more} for a frame whose length is not known: the window takes what was fed up to the next {@code end},
     * that included, or all of it; READY tells that it took something.
     */
    public Outcome moreUntil(byte end, int needed, long atMost) {
        if (needed > FREE_BYTES && !reserve(atMost)) {
            return Outcome.NO_MEMORY;
        }
        if (!isHeld() || fedFrom == fedTo) {
            return Outcome.NEED_MORE;
        }
        int at = fedFrom;
        while (at < fedTo && fed[at] != end) {
            at++;
        }
        hold(Math.min(at + 1, fedTo) - fedFrom, needed);
        return Outcome.READY;
    }

    /** Lets go of the array that was fed: what is unread of it is copied. */
    public void letGo() {
        if (fedFrom < fedTo) {
            hold(fedTo - fedFrom, 0);
        }
        fed = NOTHING;
        fedFrom = 0;
        fedTo = 0;
        if (!isHeld()) {
            emptyHeld();
        }
    }

    /**
     * What the frame under way has of the large pool goes on with what is made of it, from now until it is given back;
     * null where it has nothing of that, or cannot give it away. The frame is read and passed without it.
     */
    public @Nullable Loan takeLoan() {
        if (reservedLarge == 0) {
            return null;
        }
        Loan loan = budget.lendOn(reservedLarge);
        if (loan != null) {
            reservedLarge = 0;
            assemblies++;
        }
        return loan;
    }

    /**
     * Gives the array of the window away, where a large frame of {@code bytes} is all that it holds: it may be written
     * from its first byte on once the frame was passed, and is not touched here any more.
     */
    public boolean giveArray(int bytes) {
        given = heldFrom >= HEADROOM_BYTES && heldTo - heldFrom == bytes;
        return given;
    }

    /** {@link Lender#windowMs} where the frame under way has a part of the large pool, else 0. */
    public long windowMs() {
        return reservedLarge > 0 ? budget.windowMs() : 0;
    }

    /** Releases everything; nothing may be read any more. */
    public void close() {
        budget.forget(this);
        release();
        held = NOTHING;
        heldFrom = 0;
        heldTo = 0;
        fed = NOTHING;
        fedFrom = 0;
        fedTo = 0;
    }

    /** Bytes taken from the budget: above 0 while a frame of more than {@link #FREE_BYTES} is being assembled. */
    public long reservedBytes() {
        return reservedSmall + reservedLarge;
    }

    /** Counts the assemblies that are over: while it stays, {@link #reservedBytes} belong to the same one. */
    public long assemblies() {
        return assemblies;
    }

    private boolean reserve(long bytes) {
        // One byte more or less, a CR behind a payload, is not worth a wait.
        if (bytes <= reservedBytes() + 1 && reservedBytes() > 0) {
            return true;
        }
        if (bytes <= ByteBudget.SMALL_BYTES) {
            if (!budget.tryReserveSmall(bytes - reservedSmall)) {
                return false;
            }
            reservedSmall = bytes;
            return true;
        }
        if (!budget.tryReserve(bytes - reservedLarge, this)) {
            return false;
        }
        reservedLarge = bytes;
        budget.releaseSmall(reservedSmall);
        reservedSmall = 0;
        return true;
    }

    private void release() {
        if (reservedBytes() > 0) {
            budget.release(reservedLarge);
            budget.releaseSmall(reservedSmall);
            reservedLarge = 0;
            reservedSmall = 0;
            assemblies++;
        }
    }

    private void emptyHeld() {
        heldFrom = 0;
        heldTo = 0;
        if (given || held.length > IDLE_BYTES) {
            held = NOTHING;
            given = false;
        }
        release();
    }

    /** Moves {@code more} bytes from what was fed behind what is held, with room for {@code expected} in all. */
    private void hold(int more, int expected) {
        int kept = heldTo - heldFrom;
        if (more > held.length - heldTo) {
            int least = Math.max(kept + more, reservedBytes() > 0 ? expected : 0);
            int capacity = kept + more <= held.length / 2 ? held.length : Math.max(least, grown(kept + more));
            int headroom = reservedLarge > 0 && capacity > held.length ? HEADROOM_BYTES : 0;
            byte[] target = capacity == held.length ? held : new byte[headroom + capacity];
            System.arraycopy(held, heldFrom, target, headroom, kept);
            held = target;
            heldFrom = headroom;
            heldTo = headroom + kept;
        }
        System.arraycopy(fed, fedFrom, held, heldTo, more);
        heldTo += more;
        fedFrom += more;
    }

    private static int grown(int bytes) {
        return bytes >= DOUBLING_BYTES_MAX ? bytes + bytes / 2 : Math.max(64, Integer.highestOneBit(bytes) * 2);
    }
}
