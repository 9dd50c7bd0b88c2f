package dev.recado.apps.monitor;

import dev.recado.apps.monitor.HealthJudge.Change;
import dev.recado.apps.monitor.MonitorMessage.Kind;
import dev.recado.apps.monitor.NodeStates.NodeState;
import dev.recado.apps.monitor.NodeStates.State;
import dev.recado.apps.monitor.SupervisedNode.Address;
import dev.recado.apps.process.Revivals;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One monitor: elects with the others, checks all nodes, and starts dead ones again while it leads and has the
 * {@link ActingLock}. Everything is owned by one event loop; files and processes are another thread's.
 */
final class Monitor {

    private static final long TICK_MS = 50;
    /** How often nodes are looked for anew, where nobody says otherwise. */
    static final long LOOK_AGAIN_MS = 30_000;

    /**
     * What it is told at the start.
     *
     * @param lookAgainMs how often nodes are looked for anew
     */
    record Settings(
            int id,
            Map<Integer, Address> monitors,
            Bully.Times election,
            HealthJudge.Times health,
            Revivals.Limits revivals,
            Shared shared,
            long lookAgainMs) {}

    /**
     * Files of all monitors of a machine.
     *
     * @param lock who holds it acts
     * @param states what the one that acts knows, where that is to be told
     */
    record Shared(Path lock, @Nullable Path states) {}

    /** Where nodes come from: may block. */
    interface Nodes extends Callable<List<SupervisedNode>> {}

    /** A node, what is known of it, and whether it is being started. */
    private final class Watched {
        final SupervisedNode node;
        final HealthJudge judge;
        final Revivals revivals;
        final @Nullable DatagramSocket socket;
        boolean beingStarted;

        @Nullable
        String again;

        Watched(SupervisedNode node, @Nullable DatagramSocket socket, long nowMs) {
            this.node = node;
            this.socket = socket;
            judge = new HealthJudge(settings.health(), nowMs);
            revivals = new Revivals(settings.revivals());
        }

        NodeState state() {
            int failures = judge.failures();
            State state = State.STARTING;
            if (revivals.isGivenUp()) {
                state = State.GIVEN_UP;
            } else if (failures > 0) {
                state = failures < settings.health().failuresMax() ? State.FAILING : State.DOWN;
            } else if (judge.up()) {
                state = State.UP;
            }
            return new NodeState(
                    state,
                    failures,
                    revivals.attempts(),
                    settings.revivals().attemptsMax(),
                    state == State.GIVEN_UP ? null : again);
        }
    }

    private final Vertx vertx;
    private final Context loop;
    private final Settings settings;
    private final Nodes nodes;
    private final Consumer<String> log;
    private final Bully bully;
    private final MonitorLinks links;
    private final NetClient client;
    private final ActingLock lock;
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private boolean acting;
    private boolean taking;
    private boolean closed;
    private long lookedMs;
    private String lookFailure = "";
    private @Nullable NodeStates told;
    private boolean telling;

    Monitor(Vertx vertx, Settings settings, Nodes nodes, Consumer<String> log) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.settings = settings;
        this.nodes = nodes;
        this.log = log;
        lock = new ActingLock(settings.shared().lock());
        client = vertx.createNetClient(
                new NetClientOptions().setConnectTimeout((int) settings.health().timeoutMs()));
        links = new MonitorLinks(vertx, settings.monitors(), this::onMessage);
        bully = new Bully(
                settings.id(), new TreeSet<>(settings.monitors().keySet()), settings.election(), new Bully.Effects() {
                    @Override
                    public void send(int to, Kind kind) {
                        links.send(to, new MonitorMessage(kind, settings.id()));
                    }

                    @Override
                    public void onLeader(int leader) {
                        Monitor.this.onLeader(leader);
                    }
                });
    }

    /** Listens, finds its nodes, and takes part from then on. */
    Future<Void> start(Address listen) {
        return links.listen(listen)
                .compose(port -> {
                    log.accept("monitors at " + new Address(listen.host(), port));
                    return look();
                })
                .onSuccess(unused -> loop.runOnContext(begun -> {
                    bully.start(nowMs());
                    vertx.setPeriodic(TICK_MS, tick -> onTick());
                }));
    }

    private Future<Void> look() {
        lookedMs = nowMs();
        return vertx.executeBlocking(nodes, false).compose(found -> {
            // What is told otherwise is another node, and begins anew; what runs of it goes on.
            watched.values().removeIf(one -> !found.contains(one.node) && leave(one));
            List<Future<?>> added = new ArrayList<>();
            for (SupervisedNode node : found) {
                if (!watched.containsKey(node.name())) {
                    added.add(watch(node));
                }
            }
            return added.isEmpty()
                    ? Future.succeededFuture()
                    : Future.join(added).mapEmpty();
        });
    }

    /** True, unless it is being started: it goes the next time then. */
    private boolean leave(Watched one) {
        if (one.beingStarted) {
            return false;
        }
        log.accept("looks no more after " + one.node.name());
        if (one.socket != null) {
            one.socket.close();
        }
        return true;
    }

    private Future<?> watch(SupervisedNode node) {
        log.accept("looks after " + node.name() + " at " + node.health());
        if (node.health().byTcp()) {
            watched.put(node.name(), new Watched(node, null, nowMs()));
            return Future.succeededFuture();
        }
        DatagramSocket socket = vertx.createDatagramSocket();
        Watched one = new Watched(node, socket, nowMs());
        watched.put(node.name(), one);
        Address at = node.health().at();
        socket.handler(packet -> {
            if (packet.data().toString().equals(HealthAnswer.OK)
                    && packet.sender().port() == at.port()) {
                onChange(one, one.judge.onAnswer());
            }
        });
        socket.exceptionHandler(unreachable -> {});
        return socket.listen(0, ownSide(at.host()));
    }

    private void ask(Watched one) {
        Address at = one.node.health().at();
        DatagramSocket socket = one.socket;
        if (socket != null) {
            socket.send(HealthAnswer.PING, at.port(), at.host());
            return;
        }
        client.connect(at.port(), at.host()).onSuccess(made -> {
            made.close();
            onChange(one, one.judge.onAnswer());
        });
    }

    /** From where a host is asked: one of this machine over its loopback. */
    private static String ownSide(String host) {
        return switch (host) {
            case "localhost" -> "127.0.0.1";
            case "::1" -> "::1";
            default -> host.startsWith("127.") ? "127.0.0.1" : "0.0.0.0";
        };
    }

    private void onMessage(MonitorMessage message) {
        loop.runOnContext(unused -> {
            if (!closed) {
                bully.on(message, nowMs());
            }
        });
    }

    private void onLeader(int leader) {
        if (leader == settings.id()) {
            log.accept("leads");
        } else {
            log.accept(leader == Bully.NOBODY ? "asks for an election" : "follows " + leader);
        }
    }

    private void onTick() {
        if (closed) {
            return;
        }
        long nowMs = nowMs();
        bully.onTick(nowMs);
        holdLock();
        if (nowMs - lookedMs >= settings.lookAgainMs()) {
            look().onComplete(result ->
                    tellLook(result.failed() ? String.valueOf(result.cause().getMessage()) : ""));
        }
        for (Watched one : watched.values()) {
            if (one.judge.asks(nowMs)) {
                ask(one);
            }
            onChange(one, one.judge.onTick(nowMs));
            if (one.judge.up()) {
                one.revivals.onUp(nowMs);
                one.again = null;
            }
        }
        tellStates();
    }

    /** Once, until it is another failure or none. */
    private void tellLook(String failure) {
        if (!failure.isEmpty() && !failure.equals(lookFailure)) {
            log.accept("cannot look for nodes: " + failure);
        }
        lookFailure = failure;
    }

    /** Into the file, where it has changed; by the one that acts. */
    private void tellStates() {
        Path file = settings.shared().states();
        if (file == null || !acting || telling) {
            return;
        }
        Map<String, NodeState> states = new LinkedHashMap<>();
        watched.forEach((name, one) -> states.put(name, one.state()));
        NodeStates now = new NodeStates(settings.id(), states);
        if (now.equals(told)) {
            return;
        }
        telling = true;
        vertx.executeBlocking(() -> {
                    now.write(file);
                    return null;
                })
                .onComplete(result -> {
                    telling = false;
                    // What cannot be written is not tried until there is something new.
                    told = now;
                    if (result.failed()) {
                        log.accept(
                                "cannot write " + file + ": " + result.cause().getMessage());
                    }
                });
    }

    /** The lock is taken while this one leads, and given back when it no longer does. */
    private void holdLock() {
        boolean wanted = bully.leads();
        if (taking || wanted == acting) {
            return;
        }
        taking = true;
        vertx.executeBlocking(() -> {
                    if (wanted) {
                        return lock.tryTake();
                    }
                    lock.close();
                    return false;
                })
                .onComplete(result -> {
                    taking = false;
                    boolean was = acting;
                    acting = result.succeeded() && result.result();
                    told = null;
                    if (result.failed()) {
                        log.accept("cannot lock " + settings.shared().lock() + ": "
                                + result.cause().getMessage());
                    }
                    if (was != acting) {
                        log.accept(acting ? "acts" : "acts no more");
                    }
                });
    }

    private void onChange(Watched one, Change change) {
        String name = one.node.name();
        switch (change) {
            case NOTHING -> {}
            case UP -> log.accept(name + " answers");
            case FAILED ->
                log.accept(name + " does not answer, " + one.judge.failures() + " of "
                        + settings.health().failuresMax());
            case DOWN -> {
                if (acting && bully.leads() && !one.beingStarted) {
                    revive(one);
                }
            }
        }
    }

    private void revive(Watched one) {
        String name = one.node.name();
        if (!one.revivals.attempts(nowMs())) {
            if (one.revivals.givesUp()) {
                log.accept(name + " is down and given up after "
                        + settings.revivals().attemptsMax() + " attempts; start it by hand");
            }
            return;
        }
        String attempt = "attempt " + one.revivals.attempts() + " of "
                + settings.revivals().attemptsMax();
        log.accept(name + " is down, " + attempt);
        one.beingStarted = true;
        one.again = Instant.now()
                .plusMillis(one.revivals.waitMs(nowMs()))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        vertx.executeBlocking(one.node.starter()::revive, false).onComplete(result -> {
            one.beingStarted = false;
            one.judge.onBegun();
            log.accept(name + ": "
                    + (result.succeeded()
                            ? result.result()
                            : attempt + " failed: " + result.cause().getMessage()));
        });
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Ends; the nodes go on. */
    Future<Void> close() {
        closed = true;
        List<Future<?>> ended = new ArrayList<>();
        ended.add(links.close());
        for (Watched one : watched.values()) {
            if (one.socket != null) {
                ended.add(one.socket.close());
            }
        }
        ended.add(client.close());
        ended.add(vertx.executeBlocking(() -> {
            lock.close();
            return null;
        }));
        return Future.join(ended).mapEmpty();
    }
}
