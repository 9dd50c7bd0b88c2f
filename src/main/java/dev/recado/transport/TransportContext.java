package dev.recado.transport;

import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import io.vertx.core.Vertx;

/**
 * What a transport is given to start with.
 *
 * @param connections shared by all listeners
 * @param assembly shared by all listeners
 */
public record TransportContext(
        Vertx vertx,
        Broker broker,
        Authenticator authenticator,
        TimeSource time,
        ConnectionCount connections,
        ByteBudget assembly,
        Listener listener) {

    /** The settings of one listener. */
    public record Listener(ListenerSettings address, SessionSettings session) {}
}
