package dev.recado.transport.text;

import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import dev.recado.transport.Lender;
import dev.recado.transport.SessionSettings;
import java.util.UUID;
import java.util.function.Supplier;

/** What the sessions of one event loop have in common. */
record TextEnvironment(
        Broker broker,
        Authenticator authenticator,
        TextSettings settings,
        TimeSource time,
        Lender assembly,
        Supplier<UUID> uuids,
        LoopBuffers buffers) {

    SessionSettings sessions() {
        return settings.sessions();
    }
}
