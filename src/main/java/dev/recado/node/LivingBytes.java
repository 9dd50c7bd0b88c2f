package dev.recado.node;

/**
 * What may live in the heap, as an upper bound in bytes: what did after the last collection, and what the ledger's
 * shares have taken or given back since. What is in use at any time is an upper bound too, and one that holds on:
 * between two collections of what lives long, garbage that a bound went below once does not count again. Without that
 * a heap which was full of what is garbage now would be above the mark and below it in turn, since those whom the mark
 * refuses cause no collection. Owned by the flusher's thread.
 */
final class LivingBytes {

    private long oldCollected;
    private long heldCollected;
    /** How much of what the last collection left is known to be garbage by now. */
    private long garbage;

    /**
     * The bound now.
     *
     * @param afterCollection what all pools held after their last collections; 0 before the first one
     * @param largest what the largest of them did: most collections leave out the pool of what lives long
     * @param held what the ledger's shares hold
     * @param inUse what the heap holds, garbage included
     */
    long atMost(long afterCollection, long largest, long held, long inUse) {
        if (largest != oldCollected) {
            oldCollected = largest;
            heldCollected = held;
            garbage = 0;
        }
        long used = afterCollection + held - heldCollected - garbage;
        if (used > inUse) {
            garbage += used - inUse;
            return inUse;
        }
        return used;
    }
}
