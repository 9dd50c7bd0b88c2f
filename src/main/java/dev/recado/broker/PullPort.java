package dev.recado.broker;

import dev.recado.core.message.DeliveryBatch;
import org.jspecify.annotations.Nullable;

/** What a session with a pull subscription is told. A role of a {@link SessionPort}, whose rules hold for it. */
public interface PullPort {

    /** The answer to {@link SubscriptionLink#pull}: one message, or null where none is ready. */
    void onPulled(long ticket, @Nullable DeliveryBatch batch);

    /** Messages wait for a pull subscription: after joining, when the group turns non-empty, at most every second. */
    void onAvailable(SubscriptionLink subscription, long count);
}
