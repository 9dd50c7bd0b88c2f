package dev.recado.transport;

import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.SessionInfo;
import dev.recado.security.Identity;
import org.jspecify.annotations.Nullable;

/** Who a {@link FakeBroker}'s session is, and in which namespace it works. */
public abstract class FakeWho implements Link {

    public SessionInfo info = SessionInfo.INTERNAL;
    Identity identity = Identity.NOBODY;

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public void introduce(SessionInfo known) {
        info = known.withUser(identity.user()).withNamespace(namespace());
    }

    @Override
    public String namespace() {
        return info.namespace();
    }

    @Override
    public @Nullable Refusal enter(String namespace) {
        info = info.withNamespace(namespace);
        return null;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public void identify(Identity known) {
        identity = known;
        introduce(info);
    }
}
