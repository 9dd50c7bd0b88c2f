package dev.recado.broker;

import dev.recado.base.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the broker tells a session; implemented by transports. A session plays the roles that it has a use for, itself
 * or through others, and asks its {@link Link} for nothing that needs another one. Every call comes on the session's
 * event loop, per batch and not per message. An implementation neither blocks nor throws for what its peer did.
 */
public interface SessionPort {

    /**
     * The broker wants this session gone: a newer one took its id, an administrator closed it, its namespace was
     * deleted (NOT_FOUND), or the broker stops.
     */
    void onClosedByBroker(Refusal refusal);

    /** The turn of the loop ends and {@link Link#markDirty} was called in it: write what gathered to the socket. */
    void onTurnEnd();

    /**
     * Whether too many publishes are unconfirmed (or no longer are): stop (or resume) reading the socket. To a session
     * with {@link Patience#WAIT} also as long as a publish of it waits for room.
     */
    void onBackPressure(boolean pauseReading);

    /**
     * The node stores nothing of what this session publishes, for want of disk or memory; with null that is over. Told
     * to sessions that have published, within a tick of the loop. What comes of their publishes meanwhile says their
     * {@link Patience}.
     */
    default void onShortage(@Nullable Refusal shortage) {}

    /** Who hears of the outcome of what it publishes. */
    default PublishPort publishes() {
        return role(PublishPort.class);
    }

    /** Who hears of what its subscriptions bring. */
    default DeliveryPort deliveries() {
        return role(DeliveryPort.class);
    }

    /** Who hears of what its pull subscription brings. */
    default PullPort pulls() {
        return role(PullPort.class);
    }

    /** Who hears of answers to its requests. */
    default ReplyPort replies() {
        return role(ReplyPort.class);
    }

    /** Who hears of what is wanted of the topics that it watches. */
    default InterestPort interest() {
        return role(InterestPort.class);
    }

    private <T> T role(Class<T> role) {
        if (!role.isInstance(this)) {
            throw new AssertionError("a session is told of what it has no role for role=" + role.getSimpleName());
        }
        return role.cast(this);
    }
}
