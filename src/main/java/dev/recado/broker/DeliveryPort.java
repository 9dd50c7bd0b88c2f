package dev.recado.broker;

import dev.recado.core.message.DeliveryBatch;

/** What a session that has subscribed to something is told. A role of a {@link SessionPort}, and under its rules. */
public interface DeliveryPort {

    /** Leased messages for a group subscription, in hand-out order. */
    default void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
        throw new AssertionError("leased messages for a session that is in no group");
    }

    /** Messages for a tap, in order, shared with other taps; no leases. */
    default void onTapped(SubscriptionLink subscription, TapBatch batch) {
        throw new AssertionError("batches of a tap for a session that has none");
    }

    /** The acknowledgement asked for by {@link SubscriptionLink#ackDurably} is committed, or will never be. */
    default void onAcked(SubscriptionLink subscription, int partitionIndex, long offset) {
        throw new AssertionError("an acknowledgement that nobody asked to be told of");
    }

    /** The broker ended the subscription; nothing comes for it any more. */
    void onEnded(SubscriptionLink subscription, String reason);
}
