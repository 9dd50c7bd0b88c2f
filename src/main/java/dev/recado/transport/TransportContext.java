package dev.recado.transport;

import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import io.vertx.core.Vertx;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transport is given to start with.
 *
 * @param connections shared by all listeners
 * @param assembly shared by all listeners
 * @param sockets shared by all listeners
 * @param sessions what holds for the sessions of all protocols
 * @param listeners addresses by the names of listeners, which are the keys of the ports file
 * @param options the settings that are a transport's own, by the class that holds them
 */
public record TransportContext(
        Vertx vertx,
        Broker broker,
        Authenticator authenticator,
        TimeSource time,
        ConnectionCount connections,
        ByteBudget assembly,
        LoopSockets sockets,
        SessionSettings sessions,
        Map<String, ListenerSettings> listeners,
        Map<Class<?>, Object> options) {

    /** The address of the listener {@code name}. */
    public ListenerSettings listener(String name) {
        return known(listeners.get(name), name);
    }

    /** A transport's own settings. */
    public <T> T options(Class<T> type) {
        return type.cast(known(options.get(type), type.getName()));
    }

    private static <T> T known(@Nullable T settings, String name) {
        if (settings == null) {
            throw new AssertionError("a transport asks for settings that nobody gave name=" + name);
        }
        return settings;
    }
}
