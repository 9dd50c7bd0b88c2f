package dev.recado.broker;

import dev.recado.core.message.DeliveryBatch;

/** What a session that has subscribed to something is told. A role of a {@link SessionPort}, and under its rules. */
public interface DeliveryPort {

    /** Leased messages for a group subscription, in hand-out order. */
    void onDeliveries(Subscription subscription, DeliveryBatch batch);

    /** Messages for a tap, in order, shared with other taps; no leases. */
    void onTapped(Subscription subscription, TapBatch batch);

    /** The acknowledgement asked for by {@link Subscription#ackDurably} is committed, or will never be. */
    void onAcked(Subscription subscription, int partitionIndex, long offset);

    /** The broker ended the subscription; nothing comes for it any more. */
    void onEnded(Subscription subscription, String reason);
}
