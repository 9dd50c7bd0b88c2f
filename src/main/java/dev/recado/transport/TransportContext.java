package dev.recado.transport;

import dev.recado.base.SettingValues;
import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import io.vertx.core.Vertx;

/**
 * What a transport is given to start with.
 *
 * @param broker whose calls are for the event loops of {@code vertx}
 * @param sessions what holds for the sessions of all protocols
 * @param settings every setting of the node; a transport reads its own, and reads them at its start only
 */
public record TransportContext(
        Vertx vertx,
        Broker broker,
        Authenticator authenticator,
        TimeSource time,
        SharedByListeners shared,
        SessionSettings sessions,
        SettingValues settings) {}
