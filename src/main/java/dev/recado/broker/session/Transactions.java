package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The transaction that a session has open, and the one that it is committing. Owned by the session's loop. */
final class Transactions {

    private static final Refusal NONE_OPEN = Refusal.of(ErrorCode.NOT_ALLOWED, "no transaction is open");
    private static final Refusal ONE_OPEN = Refusal.of(ErrorCode.NOT_ALLOWED, "a transaction is open");

    private final LoopLink link;
    private @Nullable Transaction open;
    private @Nullable Transaction committing;

    Transactions(LoopLink link) {
        this.link = link;
    }

    /** The one that collects; null where none does. */
    @Nullable
    Transaction open() {
        return open;
    }

    @Nullable
    Refusal begin() {
        if (open != null || committing != null) {
            return ONE_OPEN;
        }
        open = new Transaction(link);
        return null;
    }

    Future<Void> commit() {
        Transaction mine = open;
        if (mine == null) {
            return Future.failedFuture(BrokerException.of(NONE_OPEN));
        }
        open = null;
        committing = mine;
        return mine.commit().onComplete(done -> committing = null);
    }

    void rollback() {
        Transaction mine = open;
        open = null;
        if (mine != null) {
            mine.end();
        }
    }

    /** Something that was to be part of it was refused: it can only be rolled back. */
    void spoil(Refusal why) {
        if (open != null) {
            open.spoil(why);
        }
    }

    /** The session ends: what is open is dropped, and what waits to be committed need not be. */
    void close() {
        rollback();
        if (committing != null) {
            committing.abandon();
        }
    }
}
