package dev.recado.transport;

import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Authenticator} for the sessions of one event loop: whatever thread the answer comes on, they hear it on
 * their loop. The password is cleared when the answer is there. A failure, also one that is thrown, lets nobody in.
 */
public final class LoopAuthenticator implements Authenticator {

    private final Authenticator asked;
    private final Executor loop;

    /** {@code loop} runs what it is given as a task of the loop. */
    public LoopAuthenticator(Authenticator asked, Executor loop) {
        this.asked = asked;
        this.loop = loop;
    }

    @Override
    public @Nullable Identity anonymous() {
        return asked.anonymous();
    }

    @Override
    public Future<@Nullable Identity> authenticate(String virtualHost, String user, byte[] password) {
        return onLoop(() -> asked.authenticate(virtualHost, user, password), () -> Arrays.fill(password, (byte) 0));
    }

    @Override
    public Future<@Nullable Identity> authenticateKey(byte[] publicKey) {
        return onLoop(() -> asked.authenticateKey(publicKey), () -> {});
    }

    /** What is answered at once is known at once. */
    private Future<@Nullable Identity> onLoop(Supplier<Future<@Nullable Identity>> question, Runnable onDone) {
        Future<@Nullable Identity> answer = ask(question);
        if (answer.isComplete()) {
            onDone.run();
            return answer.succeeded() ? Future.succeededFuture(answer.result()) : Future.failedFuture(answer.cause());
        }
        Promise<@Nullable Identity> told = Promise.promise();
        answer.onComplete(outcome -> {
            onDone.run();
            loop.execute(() -> told.handle(outcome));
        });
        return told.future();
    }

    private static Future<@Nullable Identity> ask(Supplier<Future<@Nullable Identity>> question) {
        try {
            return question.get();
        } catch (RuntimeException failed) {
            return Future.failedFuture(failed);
        }
    }
}
