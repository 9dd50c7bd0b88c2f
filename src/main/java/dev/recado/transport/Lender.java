package dev.recado.transport;

/** Port to whoever lends an {@link InputAssembly} its memory, as {@link ByteBudget} does. */
public interface Lender {

    /** Takes {@code bytes} from the pool for what is large, or nothing and answers false. */
    boolean tryReserve(long bytes);

    void release(long bytes);

    /** As {@link #tryReserve} from the pool for what is small. */
    boolean tryReserveSmall(long bytes);

    void releaseSmall(long bytes);
}
