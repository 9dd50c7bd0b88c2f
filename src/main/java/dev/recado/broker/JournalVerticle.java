package dev.recado.broker;

import dev.recado.base.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;

/** The worker verticle of the journal: where {@link GroupCommit} runs. Its pool has one thread, never interrupted. */
final class JournalVerticle extends VerticleBase implements Turns {

    @Override
    public Future<?> start() {
        return Future.succeededFuture();
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(unused -> task.run());
    }

    @Override
    public void after(long ms, Runnable task) {
        vertx.timer(ms, TimeUnit.MILLISECONDS).onComplete(unused -> execute(task));
    }
}
