package dev.recado.shard;

import dev.recado.base.Refusal;

/** Who hears of the fate of publishes; called on the publisher's loop. Tickets are the publisher's own numbers. */
public interface Receipts {

    void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes);

    void onRefused(long firstTicket, int count, Refusal refusal, long bytes);

    /** What was lent for a message of {@code bytes} was given back; its outcome, or a wait for room, follows. */
    default void onLoanEnded(long bytes) {}

    /** Whether its publishes wait for room or for the end of a shortage, however long it takes. Any loop. */
    default boolean waits() {
        return false;
    }

    /** {@code bytes} of it wait for room in a full topic from now on, or (negative) no longer do. */
    void onParked(long bytes);

    /** Whether these are dead letters, which are never made to wait for other dead letters: these may wait for them. */
    default boolean ofLetters() {
        return false;
    }
}
