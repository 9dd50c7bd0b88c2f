package dev.recado.transport.text;

import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.transport.Lender;
import dev.recado.transport.SessionSettings;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the sessions of one event loop have in common. */
record TextEnvironment(
        Broker broker,
        Authenticator authenticator,
        TextSettings settings,
        TimeSource time,
        Lender assembly,
        Supplier<UUID> uuids,
        LoopBuffers buffers) {

    /** Who a client is that has not logged in: by its certificate, or else as such are taken; null for nobody. */
    @Nullable
    Identity comesAs(List<String> clientNames) {
        Identity known = clientNames.isEmpty() ? null : authenticator.byCertificate(clientNames);
        return known == null ? authenticator.anonymous(settings.anonymousUser()) : known;
    }

    SessionSettings sessions() {
        return settings.sessions();
    }
}
