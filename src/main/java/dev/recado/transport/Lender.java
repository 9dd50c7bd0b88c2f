package dev.recado.transport;

import dev.recado.base.Loan;
import org.jspecify.annotations.Nullable;

/** Port to whoever lends an {@link InputAssembly} its memory, as {@link ByteBudget} does; on the borrower's loop. */
public interface Lender {

    /** Who waits for memory. */
    @FunctionalInterface
    interface Borrower {
        /** There may be room now: ask again. Called on the borrower's loop. */
        void onRoom();
    }

    /**
     * Takes {@code bytes} from the pool for what is large, or nothing and answers false: then {@code borrower} keeps a
     * place in the queue until it is given, or {@link #forget forgotten}.
     */
    boolean tryReserve(long bytes, Borrower borrower);

    void release(long bytes);

    /** As {@link #tryReserve} from the pool for what is small; nobody is called. */
    boolean tryReserveSmall(long bytes);

    void releaseSmall(long bytes);

    /** {@code borrower} waits no longer. */
    void forget(Borrower borrower);

    /**
     * Over how long who holds a part of the pool for what is large has to come at 1 MiB/s, because others wait for it;
     * 0 where nobody waits.
     */
    long windowMs();

    /**
     * {@code bytes} of what was taken from the pool for what is large belong to the answer from now on; null where they
     * have to stay with the assembly.
     */
    @Nullable
    Loan lendOn(long bytes);
}
