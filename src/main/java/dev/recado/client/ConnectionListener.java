package dev.recado.client;

/** Hears how a client's connection fares, on a client thread; must not block. */
public interface ConnectionListener {

    /** Says nothing to nobody. */
    ConnectionListener NONE = new ConnectionListener() {};

    /** The session with a broker is ready. */
    default void onConnected(BrokerAddress broker) {}

    /** The connection ended, or an attempt to connect failed; the client goes on trying. */
    default void onLost(String why) {}
}
