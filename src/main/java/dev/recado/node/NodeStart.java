package dev.recado.node;

import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.broker.Figure;
import dev.recado.journal.Disk;
import dev.recado.security.Audit;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts and stops a node on Vert.x and on threads of its own: deploys what its work runs on, hands it to {@link
 * NodeLife} as ports, and watches over the loops.
 */
public final class NodeStart {

    private static final int READERS = 2;
    private static final long FLUSHER_END_MS = 30_000;
    private static final long READERS_END_MS = 5_000;

    private final Vertx vertx;
    private final NodeLife life;
    private final LoopWatch loopWatch;
    private final List<NettyTurns> loops;
    private final ThreadTurns lifeThread;

    /** Everything that a node is built from; {@code onFailure} hears of bugs and failed storage, from any thread. */
    public record Parts(Vertx vertx, Disk disk, NodeShape shape, TimeSource time, Consumer<Throwable> onFailure) {}

    private NodeStart(Vertx vertx, NodeLife life, ThreadTurns lifeThread, LoopWatch loopWatch, List<NettyTurns> loops) {
        this.vertx = vertx;
        this.life = life;
        this.lifeThread = lifeThread;
        this.loopWatch = loopWatch;
        this.loops = loops;
    }

    /** One instance an event loop: where the broker's loops come from. */
    private static final class LoopVerticle extends VerticleBase {
        private final List<NettyTurns> loops;

        private LoopVerticle(List<NettyTurns> loops) {
            this.loops = loops;
        }

        @Override
        public Future<?> start() {
            loops.add(new NettyTurns(((ContextInternal) context).nettyEventLoop()));
            return Future.succeededFuture();
        }
    }

    /** Starts a node; completes when every shard leads and the node takes work. */
    public static Future<NodeStart> start(Parts parts) {
        return make(parts, null).compose(start -> start.life
                .start()
                .onSuccess(unused -> start.loopWatch.start(start.loops))
                .map(unused -> start));
    }

    /**
     * Starts a node past all damage and stops it in order, so that a state file stands behind the damage. To be called
     * twice, so that both do. Fails where the storage does not take one.
     */
    public static Future<Void> salvage(Parts parts) {
        return make(parts, new Losses()).compose(start -> start.life.salvage());
    }

    private static Future<NodeStart> make(Parts parts, @Nullable Losses losses) {
        List<NettyTurns> loops = new CopyOnWriteArrayList<>();
        ThreadTurns flusher = new ThreadTurns("recado-flusher", 1, FLUSHER_END_MS, parts.onFailure());
        ThreadTurns readers = new ThreadTurns("recado-cold-read", READERS, READERS_END_MS, parts.onFailure());
        ThreadTurns lifeThread = new ThreadTurns("recado-life", 1, 0, parts.onFailure());
        LoopWatch loopWatch = LoopWatch.logging();
        // With Vert.x ends what waits for space, say, in a start that is given up.
        JournalVerticle journal = new JournalVerticle(() -> {
            loopWatch.stop();
            lifeThread.shut();
            flusher.shut();
            readers.shut();
        });
        DeploymentOptions each =
                new DeploymentOptions().setInstances(parts.shape().settings().eventLoops());
        DeploymentOptions worker = new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("recado-journal")
                .setWorkerPoolSize(1);
        return parts.vertx()
                .deployVerticle(() -> new LoopVerticle(loops), each)
                .compose(deployed -> parts.vertx().deployVerticle(journal, worker))
                .map(deployed -> {
                    NodePorts ports = new NodePorts(
                            List.copyOf(loops),
                            new NodePorts.Threads(journal, flusher, readers, lifeThread),
                            parts.disk(),
                            parts.time(),
                            new SystemChance(),
                            shard -> shard,
                            parts.onFailure());
                    return new NodeStart(
                            parts.vertx(), new NodeLife(parts.shape(), ports, losses), lifeThread, loopWatch, loops);
                });
    }

    public Broker broker() {
        return life.node().sessions();
    }

    /** Where acts of administration are written down; nowhere before. */
    public void audit(Audit audit) {
        life.node().audit(audit);
    }

    /** Shows a figure that never changes among those of the node. */
    public void show(Figure figure) {
        show(() -> figure);
    }

    /** Shows a figure among those of the node; it is asked for by any thread. */
    public void show(Supplier<Figure> figure) {
        life.node().show(figure);
    }

    Node node() {
        return life.node();
    }

    Housekeeping housekeeping() {
        return life.housekeeping();
    }

    /** The broker is about to end its sessions: what they hold returns to its groups without counting. */
    public void drain() {
        life.node().drain();
    }

    /**
     * Refuses new publishes, takes back what members still hold, commits what is under way, takes a checkpoint and ends
     * the threads. What the storage does not take is left out: nothing of it was confirmed.
     */
    public Future<Void> stop() {
        Context caller = vertx.getOrCreateContext();
        Promise<Void> stopped = Promise.promise();
        life.stop().onComplete(outcome -> {
            loopWatch.stop();
            lifeThread.shut();
            caller.runOnContext(unused -> stopped.handle(outcome));
        });
        return stopped.future();
    }
}
