package dev.recado.broker.session;

import dev.recado.base.HeapExhausted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hand-over between sessions and what they share, on one event loop: it knows whether the code that runs is
 * changing shared state (a shard, a builder, another session), so that a failure can be told to have torn it.
 *
 * <p>What ends by an exception inside a change has left it half done: {@link #leave} was not called, and the depth
 * tells. There is no way on from there: the failure goes to {@code onTorn}, which ends the process, and what the disk
 * holds is whole. A failure of a session's own code, outside any change, ends that session alone. {@link GuardedLink}
 * and {@link GuardedSubscription} enter for sessions, {@link Loop} for everything that runs as the loop's own task;
 * {@link GuardedPort} and the transports call sessions outside. Owned by its loop; costs two additions a call.
 */
final class Boundary {

    private static final Logger LOG = LoggerFactory.getLogger(Boundary.class);

    private final Consumer<Throwable> onTorn;
    private int depth;

    Boundary(Consumer<Throwable> onTorn) {
        this.onTorn = onTorn;
    }

    /** A change of shared state begins; what this answers is for {@link #leave}. */
    int enter() {
        return depth++;
    }

    /** The change is whole. One that began within it and is not was swallowed by somebody. */
    void leave(int before) {
        if (depth != before + 1) {
            torn(null);
        }
        depth = before;
    }

    /** Code of a session is about to run; what this answers is for {@link #fromSession}. */
    int toSession() {
        int before = depth;
        depth = 0;
        return before;
    }

    /** A session's code has returned. */
    void fromSession(int before) {
        if (depth != 0) {
            torn(null);
        }
        depth = before;
    }

    /** A session's code has ended by {@code failure}: returns where only that session is touched. */
    void fromSession(int before, Throwable failure) {
        judge(failure);
        depth = before;
    }

    /** {@code failure} has come out of a session's code, or out of nobody's: returns where no shared state is torn. */
    void judge(Throwable failure) {
        if (depth != 0 || HeapExhausted.is(failure)) {
            torn(failure);
        }
    }

    /** Runs a task of the loop itself: whatever it does is a change of shared state. */
    void run(Runnable task) {
        if (depth != 0) {
            torn(null);
        }
        try {
            depth = 1;
            task.run();
            leave(0);
        } catch (Throwable failure) {
            torn(failure);
        }
    }

    /** {@code answer}, whose handlers run as code of whoever asked, outside any change. */
    <T> Future<T> outside(Future<T> answer) {
        Promise<T> told = Promise.promise();
        answer.onComplete(outcome -> {
            int before = toSession();
            try {
                told.handle(outcome);
                fromSession(before);
            } catch (Throwable failure) {
                fromSession(before, failure);
                LOG.error("bug in code that waited for an answer of the broker", failure);
            }
        });
        return told.future();
    }

    private void torn(@Nullable Throwable failure) {
        depth = 0;
        onTorn.accept(
                failure != null
                        ? failure
                        : new AssertionError("a failure inside a change of shared state was swallowed"));
    }
}
