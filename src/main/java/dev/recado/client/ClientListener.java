package dev.recado.client;

/**
 * Hears what happens to a client behind its caller's back, on the client's threads; must not block. What it throws is
 * passed over; the first time it is logged, with its stack.
 */
public interface ClientListener {

    /** Says nothing to nobody. */
    ClientListener NONE = new ClientListener() {};

    /** The session with a broker is ready. */
    default void onConnected(BrokerAddress broker) {}

    /** The connection ended, or an attempt to connect failed; the client tries again. */
    default void onLost(String why) {}

    /**
     * The broker stores nothing of what this client publishes, for want of disk or memory (brokers from 0.2.0 on, once
     * the client has published). Publishes are refused meanwhile: their futures fail, or with {@link
     * ClientOptions#retryRefused} they wait and are sent again. Nobody hears that it is over where the connection ends
     * before; a new one tells of it again.
     *
     * @param reason the words of that refusal: {@code Disk low} or {@code Memory low}
     */
    default void onBlocked(String reason) {}

    /** That is over. */
    default void onUnblocked() {}

    /**
     * A handler failed on a message. What then becomes of the message is decided by {@link MessageHandler#onFailure},
     * which has been asked before.
     *
     * @param failure what the handler threw, an {@link Error} too
     */
    default void onFailure(Subscription subscription, Delivery delivery, Throwable failure) {}
}
