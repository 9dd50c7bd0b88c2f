package dev.recado.broker.session;

import dev.recado.base.Countdown;
import dev.recado.broker.SubscriptionLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

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

    /** Tells the session of {@code link} that {@code ended} has, behind the answer that it waits for, if it does. */
    static void tellEnd(@Nullable Ceasing before, LoopLink link, SubscriptionLink ended, String reason) {
        if (before == null) {
            link.port().onEnded(ended, reason);
            return;
        }
        before.future().onComplete(ceased -> {
            if (!link.closed()) {
                link.port().onEnded(ended, reason);
            }
        });
    }
}
