package dev.recado.broker;

import dev.recado.base.Refusal;

/** What a session that publishes is told, of all but what is refused at once. A role of a {@link SessionPort}. */
public interface PublishPort {

    /**
     * Publishes {@code firstTicket} to {@code firstTicket + count - 1} are stored as their topic's durability promises,
     * in one partition under consecutive offsets. Duplicates of a numbered producer report the offset of the first
     * storing.
     */
    void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset);

    /**
     * Whether it is told in how many topics a publish through an exchange is stored. Where not, one that goes to a
     * single topic is confirmed as if it had been published to that, many at once, and {@link #onRouted} tells of the
     * others. Asked with each publish.
     */
    default boolean countsTopics() {
        return true;
    }

    /**
     * A publish through an exchange is stored in {@code topics} topics (0: no binding matched). A topic that was
     * deleted meanwhile does not count.
     */
    default void onRouted(long ticket, int topics) {
        throw new AssertionError("the outcome of a publish through an exchange, which nobody made");
    }

    /** Publishes {@code firstTicket} to {@code firstTicket + count - 1} are refused, or their outcome is unknown. */
    void onRefused(long firstTicket, int count, Refusal refusal);
}
