package dev.recado.security;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Authenticator} that is asked so many questions at once and no more: a hash of a password costs time, and
 * whoever asks may have gone before it is there. A question too many fails with LIMIT_REACHED at once. Safe for use by
 * any thread.
 */
public final class BoundedAuthenticator implements Authenticator {

    private final Authenticator asked;
    private final int max;
    private final AtomicInteger underWay = new AtomicInteger();

    /** {@code max} is at least 1. */
    public BoundedAuthenticator(Authenticator asked, int max) {
        this.asked = asked;
        this.max = max;
    }

    /** Questions that are not answered yet. */
    public int underWay() {
        return underWay.get();
    }

    @Override
    public @Nullable Identity anonymous() {
        return asked.anonymous();
    }

    @Override
    public Future<@Nullable Identity> authenticate(String virtualHost, String user, byte[] password) {
        return bounded(() -> asked.authenticate(virtualHost, user, password));
    }

    @Override
    public Future<@Nullable Identity> authenticateKey(byte[] publicKey) {
        return bounded(() -> asked.authenticateKey(publicKey));
    }

    private Future<@Nullable Identity> bounded(Supplier<Future<@Nullable Identity>> question) {
        if (underWay.incrementAndGet() > max) {
            underWay.decrementAndGet();
            return Future.failedFuture(BrokerException.of(
                    Refusal.of(ErrorCode.LIMIT_REACHED, "logins under way, limit=" + max + ": try again later")));
        }
        try {
            return question.get().onComplete(answer -> underWay.decrementAndGet());
        } catch (RuntimeException failed) {
            underWay.decrementAndGet();
            throw failed;
        }
    }
}
