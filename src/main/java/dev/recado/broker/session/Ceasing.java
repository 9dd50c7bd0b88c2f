package dev.recado.broker.session;

import dev.recado.base.Countdown;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** A subscription that is to be handed nothing more, until every owner has said so. Owned by the session's loop. */
final class Ceasing {

    private final Promise<Void> done = Promise.promise();
    private final Countdown owners;

    Ceasing(int ownerCount) {
        owners = new Countdown(ownerCount, done::complete);
    }

    void onCeased() {
        owners.down();
    }

    Future<Void> future() {
        return done.future();
    }
}
