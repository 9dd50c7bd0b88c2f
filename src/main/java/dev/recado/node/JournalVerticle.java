package dev.recado.node;

import dev.recado.base.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;

/** The worker verticle of the journal: where {@link GroupCommit} runs. Its pool has one thread, never interrupted. */
final class JournalVerticle extends VerticleBase implements Turns {

    private final Runnable onEnd;
    private volatile boolean ended;

    /** {@code onEnd} runs when Vert.x ends it, after an orderly stop or without one. */
    JournalVerticle(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    @Override
    public Future<?> stop() {
        ended = true;
        onEnd.run();
        return Future.succeededFuture();
    }

    @Override
    public void execute(Runnable task) {
        try {
            context.runOnContext(unused -> task.run());
        } catch (RejectedExecutionException refused) {
            if (!ended) {
                throw refused;
            }
        }
    }

    @Override
    public void after(long ms, Runnable task) {
        // One of the verticle's own: it goes with it, without a word.
        ((ContextInternal) context).setTimer(ms, unused -> task.run());
    }
}
