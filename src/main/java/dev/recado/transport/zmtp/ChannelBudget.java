package dev.recado.transport.zmtp;

import dev.recado.base.Loan;
import dev.recado.transport.Lender;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The budget of one secure channel, which assembles twice: sealed frames, and messages of what was opened. Whoever
 * holds a part of the large pool must not wait for another part (see {@link dev.recado.transport.ByteBudget}); so a
 * message of several frames takes at once what both may grow to. One frame alone takes what it needs. Owned by its
 * session's loop.
 */
final class ChannelBudget implements Lender {

    private final Lender all;
    private final long wholeBytes;
    private final BooleanSupplier severalFrames;
    /** What the two assemblies have, and what was taken of {@link #all} for them. */
    private long lentBytes;

    private long takenBytes;

    /**
     * {@code wholeBytes} is what both assemblies may have together, at most; {@code severalFrames} tells whether what
     * is being assembled belongs to a message of several.
     */
    ChannelBudget(Lender all, long wholeBytes, BooleanSupplier severalFrames) {
        this.all = all;
        this.wholeBytes = wholeBytes;
        this.severalFrames = severalFrames;
    }

    /** Whether it has of the large pool. */
    boolean holdsLarge() {
        return takenBytes > 0;
    }

    @Override
    public boolean tryReserve(long bytes, Borrower borrower) {
        if (lentBytes + bytes > takenBytes) {
            long wanted = Math.max(lentBytes + bytes, severalFrames.getAsBoolean() ? wholeBytes : 0);
            if (!all.tryReserve(wanted - takenBytes, borrower)) {
                return false;
            }
            takenBytes = wanted;
        }
        lentBytes += bytes;
        return true;
    }

    @Override
    public void release(long bytes) {
        lentBytes -= bytes;
        if (lentBytes == 0) {
            all.release(takenBytes);
            takenBytes = 0;
        }
    }

    @Override
    public boolean tryReserveSmall(long bytes) {
        return all.tryReserveSmall(bytes);
    }

    @Override
    public void releaseSmall(long bytes) {
        all.releaseSmall(bytes);
    }

    @Override
    public void forget(Borrower borrower) {
        all.forget(borrower);
    }

    @Override
    public long windowMs() {
        return all.windowMs();
    }

    /** What its two assemblies share cannot leave one of them. */
    @Override
    public @Nullable Loan lendOn(long bytes) {
        return null;
    }
}
