package dev.recado.transport;

import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
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
    public @Nullable Identity anonymous(String listener) {
        return asked.anonymous(listener);
    }

    @Override
    public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
        return onLoop(() -> asked.authenticate(address, user, password), () -> Arrays.fill(password, (byte) 0));
    }

    @Override
    public Future<String> verifier(byte[] password) {
        return onLoop(() -> asked.verifier(password), () -> Arrays.fill(password, (byte) 0));
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
        return onLoop(() -> asked.authenticateKey(publicKey, listed), () -> {});
    }

    /** What is answered at once is known at once. */
    private <T extends @Nullable Object> Future<T> onLoop(Supplier<Future<T>> question, Runnable onDone) {
        Future<T> answer = ask(question);
        if (answer.isComplete()) {
            onDone.run();
            return answer.succeeded() ? Future.succeededFuture(answer.result()) : Future.failedFuture(answer.cause());
        }
        Promise<T> told = Promise.promise();
        answer.onComplete(outcome -> {
            onDone.run();
            loop.execute(() -> told.handle(outcome));
        });
        return told.future();
    }

    private static <T extends @Nullable Object> Future<T> ask(Supplier<Future<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException failed) {
            return Future.failedFuture(failed);
        }
    }
}
