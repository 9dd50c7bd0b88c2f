package dev.recado.broker;

import dev.recado.base.Refusal;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import org.jspecify.annotations.Nullable;

/**
 * What the broker tells a session; implemented by transports. Every call comes on the session's event loop, per batch
 * and not per message. An implementation neither blocks nor throws for what its peer did.
 */
public interface SessionPort {

    /**
     * Publishes {@code firstTicket} to {@code firstTicket + count - 1} are stored as their topic's durability promises,
     * in one partition under consecutive offsets. Duplicates of a numbered producer report the offset of the first
     * storing.
     */
    void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset);

    /** A publish through an exchange is stored in {@code topics} topics (0: no binding matched). */
    void onRouted(long ticket, int topics);

    /** Publishes {@code firstTicket} to {@code firstTicket + count - 1} are refused, or their outcome is unknown. */
    void onRefused(long firstTicket, int count, Refusal refusal);

    /** Leased messages for a group subscription, in hand-out order. */
    void onDeliveries(Subscription subscription, DeliveryBatch batch);

    /** Messages for a tap, in order, shared with other taps; no leases. */
    void onTapped(Subscription subscription, TapBatch batch);

    /** The answer to {@link Subscription#pull}: one message, or null where none is ready. */
    void onPulled(long ticket, @Nullable DeliveryBatch batch);

    /** Messages wait for a pull subscription: after joining, when the group turns non-empty, at most every second. */
    void onAvailable(Subscription subscription, long count);

    /** The acknowledgement asked for by {@link Subscription#ackDurably} is committed, or will never be. */
    void onAcked(Subscription subscription, int partitionIndex, long offset);

    /** The broker ended the subscription; nothing comes for it any more. */
    void onEnded(Subscription subscription, String reason);

    /**
     * An answer arrived in the session's inbox; {@code reply} is valid during the call, the array that it lies in is
     * never changed and may be kept.
     */
    void onReply(long correlation, MessageView reply);

    /**
     * Of a topic that {@link Link#watchInterest} named: first each prefix that is wanted now, once, then each change in
     * the order of the changes: {@code wanted} when the first one wants {@code prefix}, not {@code wanted} when the
     * last one stopped. Wanted are the prefixes of filtered taps; and the empty one (everything) while the topic has a
     * tap that is not filtered, a group or a matching pattern subscription, or keeps messages for those who come later
     * (durability other than memory). Prefixes overlap as they come: {@code ab} is told beside {@code a}.
     *
     * @param prefix not to be changed
     */
    default void onInterest(String topic, byte[] prefix, boolean wanted) {
        // most sessions never watch
    }

    /** The broker wants this session gone: a newer one took its id, or the broker stops. */
    void onClosedByBroker(Refusal refusal);

    /** The turn of the loop ends and {@link Link#markDirty} was called in it: write what gathered to the socket. */
    void onTurnEnd();

    /**
     * Whether too many publishes are unconfirmed (or no longer are): stop (or resume) reading the socket. To a session
     * with {@link Patience#WAIT} also as long as a publish of it waits for room.
     */
    void onBackPressure(boolean pauseReading);
}
