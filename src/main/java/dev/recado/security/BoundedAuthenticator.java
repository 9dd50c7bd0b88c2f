package dev.recado.security;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Authenticator} that is asked so many questions at once and no more: a hash of a password costs time, and
 * whoever asks may have gone before it is there. A question too many fails with LIMIT_REACHED at once. One that is not
 * answered in {@link #ANSWER_MS_MAX} fails with TIMEOUT when the next one comes, and nothing of its asker is held any
 * more. Safe for use by any thread.
 */
public final class BoundedAuthenticator implements Authenticator {

    /** How long an answer may take: far beyond the time in which a peer has to log in. */
    public static final long ANSWER_MS_MAX = 30_000;

    private final Authenticator asked;
    private final int max;
    private final TimeSource time;
    /** In the order of asking. */
    private final Set<Question> underWay = new LinkedHashSet<>();

    /** What is not answered yet. A promise lets go of who waits for it once it is kept, by the first answer. */
    private static final class Question {
        private final long sinceMs;
        private final Promise<@Nullable Identity> told = Promise.promise();

        private Question(long sinceMs) {
            this.sinceMs = sinceMs;
        }
    }

    /** {@code max} is at least 1. */
    public BoundedAuthenticator(Authenticator asked, int max, TimeSource time) {
        this.asked = asked;
        this.max = max;
        this.time = time;
    }

    /** Questions that are not answered yet. */
    public int underWay() {
        synchronized (underWay) {
            return underWay.size();
        }
    }

    @Override
    public @Nullable Identity anonymous(String listener) {
        return asked.anonymous(listener);
    }

    @Override
    public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
        return bounded(() -> asked.authenticate(address, user, password));
    }

    @Override
    public Future<String> verifier(byte[] password) {
        return asked.verifier(password);
    }

    @Override
    public @Nullable Identity byCertificate(List<String> names) {
        return asked.byCertificate(names);
    }

    @Override
    public boolean knowsKey(String publicKey) {
        return asked.knowsKey(publicKey);
    }

    @Override
    public Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed) {
        return bounded(() -> asked.authenticateKey(publicKey, listed));
    }

    private Future<@Nullable Identity> bounded(Supplier<Future<@Nullable Identity>> question) {
        Question mine = new Question(time.monotonicMs());
        giveUpBefore(mine.sinceMs - ANSWER_MS_MAX);
        synchronized (underWay) {
            if (underWay.size() >= max) {
                return Future.failedFuture(BrokerException.of(
                        Refusal.of(ErrorCode.LIMIT_REACHED, "logins under way, limit=" + max + ": try again later")));
            }
            underWay.add(mine);
        }
        Future<@Nullable Identity> answer;
        try {
            answer = question.get();
        } catch (RuntimeException failed) {
            answer = Future.failedFuture(failed);
        }
        if (answer.isComplete()) {
            forget(mine);
            return answer;
        }
        answer.onComplete(known -> {
            forget(mine);
            if (known.succeeded()) {
                mine.told.tryComplete(known.result());
            } else {
                mine.told.tryFail(known.cause());
            }
        });
        return mine.told.future();
    }

    private void forget(Question question) {
        synchronized (underWay) {
            underWay.remove(question);
        }
    }

    /** Those that were asked at {@code ms} or before get no answer any more. */
    private void giveUpBefore(long ms) {
        List<Question> late = new ArrayList<>(0);
        synchronized (underWay) {
            Iterator<Question> oldest = underWay.iterator();
            Question next = oldest.hasNext() ? oldest.next() : null;
            while (next != null && next.sinceMs <= ms) {
                late.add(next);
                oldest.remove();
                next = oldest.hasNext() ? oldest.next() : null;
            }
        }
        // Outside the lock: whoever waited may ask again at once.
        Refusal refusal = Refusal.of(ErrorCode.TIMEOUT, "no answer within " + ANSWER_MS_MAX + " ms");
        late.forEach(one -> one.told.tryFail(BrokerException.of(refusal)));
    }
}
