package dev.recado.client;

/** Takes what a subscription delivers, on the subscription's own thread, one message at a time. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * A message. It stays leased until it is acknowledged, given back or rejected (here or later, from any thread); a
     * lease lasts 30 s unless the group says otherwise, and the time in the client's buffer counts.
     */
    void onMessage(Delivery delivery) throws Exception;

    /** What was buffered has been handled; a good moment to write out what was gathered. */
    default void onDrained() throws Exception {}

    /**
     * {@link #onMessage} threw, an {@link Error} perhaps: by default the message is given back, to come again after the
     * group's back-off, until it is a dead letter. See {@link Subscription#failureCount} and {@link
     * ClientListener#onFailure} for who has to know.
     */
    default void onFailure(Delivery delivery, Throwable failure) {
        delivery.nack();
    }
}
