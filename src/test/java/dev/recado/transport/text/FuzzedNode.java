package dev.recado.transport.text;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.base.TimeSource;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.fuzz.Ear;
import dev.recado.fuzz.JumpingClock;
import dev.recado.fuzz.Peer;
import dev.recado.journal.GatedDisk;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.SegmentSettings;
import dev.recado.node.NodeShape;
import dev.recado.node.NodeStart;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.TcpFigures;
import dev.recado.transport.Wire;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A whole broker with its sessions in this process, without sockets and without waiting for the platter. */
final class FuzzedNode {

    private static final int LOOPS = 2;
    private static final int MIB = 1 << 20;
    private static final long TICK_MS = 10;
    private static final int IDLE_LOOKS = 2_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<Floor> floors = new ArrayList<>();
    private final GatedDisk disk;
    private final NodeStart start;

    FuzzedNode(Path directory) throws Exception {
        this(directory, FuzzedNode::isNoSync, SegmentSettings.defaults());
    }

    FuzzedNode(Path directory, GatedDisk.Gate gate, SegmentSettings segments) throws Exception {
        disk = new GatedDisk(new NioDisk(directory), gate);
        start = await(NodeStart.start(new NodeStart.Parts(
                vertx,
                disk,
                new NodeShape(8, "recado/fuzz", settings(), new JournalSettings(MIB, 2 * MIB, 8 * MIB), segments),
                new JumpingClock(System.nanoTime()),
                failures::add)));
        for (int i = 0; i < LOOPS; i++) {
            floors.add(new Floor(((VertxInternal) vertx).createEventLoopContext()));
        }
    }

    /** Lets everything pass but the waits for the platter. */
    static boolean isNoSync(GatedDisk.Call call, String path) {
        return call != GatedDisk.Call.SYNC && call != GatedDisk.Call.SYNC_DIRECTORY;
    }

    /** Short times and small bounds, so that conversations meet them. */
    private static BrokerSettings settings() {
        return new BrokerSettings(
                "n1",
                LOOPS,
                new BrokerSettings.Publishing(MIB, 64 * 1024, 64 * MIB, 1024, 256 * 1024, 50),
                new BrokerSettings.Groups(10, 60_000, 64 * 1024, 20, 16 * 1024),
                new BrokerSettings.Taps(16 * 1024, 50, 64 * 1024),
                new BrokerSettings.Storage(MIB, 64 * MIB, 0, 95, 60_000, 40),
                new BrokerSettings.Defaults(TopicSettings.DEFAULT, TopicSettings.DEFAULT, GroupSettings.DEFAULT));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    Peer open(int voice, Ear ear) {
        Floor floor = floors.get(voice % LOOPS);
        FuzzedPeer peer = new FuzzedPeer(floor, ear);
        floor.context.runOnContext(unused -> peer.enter());
        return peer;
    }

    /** Whether the node has told of bugs or of failed storage. */
    boolean hasFailed() {
        return !failures.isEmpty();
    }

    /** Throws the first of what the node has told of, if any. */
    void assertSound(String when) {
        if (hasFailed()) {
            throw new AssertionError("the broker failed, " + when, failures.get(0));
        }
    }

    /** Waits until every loop has had nothing to do for a moment; answers false where one is never done. */
    boolean comesToRest(long limitMs) throws Exception {
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        for (Floor floor : floors) {
            while (!floor.isIdle()) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What the loops do at this moment. */
    static String loopStacks() {
        StringBuilder out = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (thread.getName().contains("eventloop")) {
                out.append(thread.getName());
                for (StackTraceElement at : stack) {
                    out.append("\n    at ").append(at);
                }
                out.append('\n');
            }
        });
        return out.toString();
    }

    /** As {@link #crash} for a node that may be beyond answering. */
    void abandon() {
        disk.cut();
        vertx.close();
    }

    /** Ends the process's hold on the directory without stopping anything in order, as a crash would. */
    void crash() throws Exception {
        disk.cut();
        await(vertx.close());
    }

    /** What the sessions of one loop share. */
    private final class Floor {
        private final Context context;
        private final TextEnvironment environment;
        private final Set<FuzzedPeer> peers = new LinkedHashSet<>();

        private Floor(Context context) {
            this.context = context;
            this.environment = new TextEnvironment(
                    start.broker(),
                    Stage.OPEN,
                    Stage.settings(4_096, 64 * 1024, true),
                    TimeSource.system(),
                    new ByteBudget(64L << 20).lender(),
                    UUID::randomUUID,
                    new LoopBuffers(ByteGauge.NONE, new BrowseBudget(MIB), new ByteBudget(MIB)));
            context.runOnContext(unused -> vertx.setPeriodic(TICK_MS, tick -> onTick()));
        }

        private void onTick() {
            for (FuzzedPeer peer : List.copyOf(peers)) {
                peer.guarded(() -> peer.session().onTick());
            }
        }

        /** Whether at least once in many turns nobody had left anything for the next one. */
        private boolean isIdle() throws Exception {
            CompletableFuture<Boolean> idle = new CompletableFuture<>();
            look(idle, IDLE_LOOKS);
            return idle.get(30, TimeUnit.SECONDS);
        }

        private void look(CompletableFuture<Boolean> idle, int looksLeft) {
            SingleThreadEventExecutor loop = (SingleThreadEventExecutor) ((ContextInternal) context).nettyEventLoop();
            loop.execute(() -> {
                if (loop.pendingTasks() == 0) {
                    idle.complete(true);
                } else if (looksLeft == 0) {
                    idle.complete(false);
                } else {
                    look(idle, looksLeft - 1);
                }
            });
        }
    }

    /** A session and the socket that it believes to have. Owned by its loop, but for what a client calls. */
    private static final class FuzzedPeer implements Peer, Wire {
        private final Floor floor;
        private final Ear ear;
        private @Nullable TextSession session;
        private boolean stalled;
        private boolean reading = true;
        private boolean closed;
        private ByteWriter unread = new ByteWriter(64);
        private final ByteWriter waiting = new ByteWriter(64);
        private long sent;

        private FuzzedPeer(Floor floor, Ear ear) {
            this.floor = floor;
            this.ear = ear;
        }

        private void enter() {
            floor.peers.add(this);
            guarded(() -> session = new TextSession(floor.environment, this));
        }

        private TextSession session() {
            return Objects.requireNonNull(session);
        }

        private void guarded(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException | Error bug) {
                StringWriter text = new StringWriter();
                bug.printStackTrace(new PrintWriter(text));
                ear.fail("thrown in the session: " + text);
            }
        }

        private void later(Runnable action) {
            floor.context.runOnContext(unused -> guarded(action));
        }

        @Override
        public void send(byte[] bytes) {
            later(() -> {
                unread.put(bytes, 0, bytes.length);
                pour();
            });
        }

        private void pour() {
            if (reading && !closed && unread.size() > 0) {
                byte[] bytes = unread.array();
                int length = unread.size();
                unread = new ByteWriter(64);
                session().onBytes(bytes, 0, length);
            }
        }

        @Override
        public void stall(boolean on) {
            later(() -> {
                stalled = on;
                if (!on && waiting.size() > 0) {
                    ear.feed(waiting.array(), 0, waiting.size());
                    waiting.clear();
                }
                if (!on && !closed) {
                    session().onWritten(sent);
                    session().onWritable();
                }
            });
        }

        @Override
        public void hangUp() {
            later(this::end);
        }

        private void end() {
            if (!closed) {
                closed = true;
                floor.peers.remove(this);
                session().onClosed();
                ear.close();
            }
        }

        @Override
        public void write(ByteWriter out) {
            sent += out.size();
            long position = sent;
            if (stalled) {
                waiting.put(out.array(), 0, out.size());
            } else {
                ear.feed(out.array(), 0, out.size());
                later(() -> {
                    if (!closed) {
                        session().onWritten(position);
                    }
                });
            }
        }

        @Override
        public boolean isFull() {
            return stalled;
        }

        @Override
        public boolean isBlocked() {
            return stalled;
        }

        @Override
        public int sliceBytes() {
            return SLICE_BYTES;
        }

        @Override
        public void soon() {
            later(() -> {
                if (!closed) {
                    session().onWritable();
                }
            });
        }

        @Override
        public void reading(boolean on) {
            reading = on;
            if (on) {
                later(this::pour);
            }
        }

        @Override
        public String peer() {
            return "127.0.0.1:51234";
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public @Nullable TcpFigures tcpFigures() {
            return null;
        }

        @Override
        public void abort() {
            close();
        }

        @Override
        public void close() {
            later(this::end);
        }
    }
}
