package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.SessionInfo;
import dev.recado.core.message.Draft;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who a {@link FakeBroker}'s session is, in which namespace it works, and what its transaction collects. */
public abstract class FakeWho implements Link {

    public SessionInfo info = SessionInfo.INTERNAL;
    Identity identity = Identity.NOBODY;

    /** The publishes that the open transaction has been given; null where none is open. */
    private @Nullable List<Runnable> collected;

    /** What the next commit fails with. */
    private @Nullable Refusal spoiled;

    @Override
    public @Nullable Refusal begin() {
        if (collected != null) {
            return Refusal.of(ErrorCode.NOT_ALLOWED, "a transaction is open");
        }
        collected = new ArrayList<>();
        return null;
    }

    @Override
    public boolean inTransaction() {
        return collected != null;
    }

    /** Whether a transaction has taken a publish. */
    boolean collects(Draft draft, Runnable publish) {
        List<Runnable> all = collected;
        if (all == null) {
            return false;
        }
        draft.giveBackLoan();
        all.add(publish);
        return true;
    }

    @Override
    public void spoil(Refusal why) {
        if (collected != null) {
            spoiled = why;
        }
    }

    @Override
    public Future<Void> commit() {
        List<Runnable> all = collected;
        Refusal why = all == null ? Refusal.of(ErrorCode.NOT_ALLOWED, "no transaction is open") : spoiled;
        rollback();
        if (why != null) {
            return Future.failedFuture(BrokerException.of(why));
        }
        Objects.requireNonNull(all).forEach(Runnable::run);
        return Future.succeededFuture();
    }

    @Override
    public void rollback() {
        collected = null;
        spoiled = null;
    }

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
    public boolean identify(Identity known) {
        identity = known;
        introduce(info);
        return true;
    }
}
