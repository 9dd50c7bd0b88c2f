package dev.recado.apps.coffee.gateway;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.recado.apps.Stop;
import dev.recado.apps.coffee.data.RowRules;
import dev.recado.apps.coffee.node.AmqpLoop;
import dev.recado.apps.coffee.node.BatchIntake;
import dev.recado.apps.coffee.node.HeardTime;
import dev.recado.apps.coffee.node.Inlet;
import dev.recado.apps.coffee.node.Outlet;
import dev.recado.apps.coffee.node.Topology;
import dev.recado.apps.coffee.state.OwnDisk;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in and out: a thread for each client, one that collects the answers, one that ends the sessions whose client
 * stayed away. What it told a client is on its disk, so that it may be killed and started again.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int SILENCE_MS = 60_000;
    /** For a client to say who it is. */
    private static final int GREETING_MS = 5_000;
    /** Connections beside the sessions that may be: those that are being refused, or come back. */
    private static final int CONNECTIONS_SPARE = 32;

    private static final int BACKLOG = 64;
    private static final int PREFETCH = 64;
    private static final long LOOK_MS = 250;

    private final GatewayOptions options;
    private final String amqpUri;
    private final Topology topology;
    private final Stop stop;
    private final GatewayAnswers answers;
    private final GatewaySessions sessions;
    private final ServerSocket server;
    private final Semaphore connections;
    /** What made a part stop all. */
    private final AtomicReference<@Nullable IOException> failed = new AtomicReference<>();

    private final OpenLinks links = new OpenLinks();
    /** Goes while ends can be written: sessions do not run out while nobody could have sent anything. */
    private final HeardTime time = new HeardTime();
    /** The collecting thread's. */
    private final BatchIntake intake = new BatchIntake("gateway", RowRules::wrongAnswer);

    /** Listens, and has read its state. */
    public Gateway(GatewayOptions options, String amqpUri, Topology topology, Stop stop) throws IOException {
        this.options = options;
        this.amqpUri = amqpUri;
        this.topology = topology;
        this.stop = stop;
        answers = new GatewayAnswers(options.state().resolve("answers"), System.currentTimeMillis());
        sessions = new GatewaySessions(options.state().resolve("sessions"), options, answers);
        server = listen(options);
        connections = new Semaphore(options.sessionsMax() + CONNECTIONS_SPARE);
    }

    private static ServerSocket listen(GatewayOptions options) throws IOException {
        InetAddress host = InetAddress.getByName(options.host());
        try {
            return new ServerSocket(options.port(), BACKLOG, host);
        } catch (BindException refused) {
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + ": " + refused.getMessage()
                            + "; --port takes another, 0 a free one",
                    refused);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /**
     * Works until the stop.
     *
     * @throws IOException what ended it before: its disk, or a part that failed
     */
    public void run() throws IOException {
        thread("coffee-accept", this::accept);
        thread("coffee-stalled", this::closeStalled);
        thread("coffee-ends", () -> loop("gateway-ends").run(this::writeEnds));
        try {
            loop("gateway-answers").run(this::collect);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        IOException failure = failed.get();
        if (failure != null) {
            throw failure;
        }
    }

    private AmqpLoop loop(String name) {
        return new AmqpLoop(amqpUri, "coffee " + name, stop);
    }

    private void thread(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (UncheckedIOException e) {
                        failed.compareAndSet(null, e.getCause());
                        stop.request();
                    } catch (RuntimeException | Error e) {
                        LOG.error("a part of the gateway failed, it stops part={}", name, e);
                        failed.compareAndSet(null, new IOException("a part failed: " + name, e));
                        stop.request();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!stop.isRequested()) {
            try {
                ClientLink link = new ClientLink(server.accept(), SILENCE_MS);
                if (!connections.tryAcquire()) {
                    links.closeMostSilent();
                    connections.acquire();
                }
                links.add(link);
                thread("coffee-client", () -> {
                    try {
                        talk(link);
                    } finally {
                        connections.release();
                    }
                });
            } catch (IOException e) {
                if (!stop.isRequested()) {
                    throw new UncheckedIOException(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Who reads nothing may not keep a session for ever, nor who says nothing a connection. */
    private void closeStalled() {
        while (!stop.within(LOOK_MS)) {
            links.closeStalled(SILENCE_MS);
            links.closeSilent(GREETING_MS);
        }
    }

    private void talk(ClientLink link) {
        try (link) {
            try {
                greet(link);
            } catch (MalformedFrameException e) {
                LOG.warn("client refused: malformed frame from={}", link.peer());
                link.refuse(new Refused(RefusalCode.INVALID, String.valueOf(e.getMessage())));
            }
        } catch (IOException e) {
            LOG.info("client gone from={} cause={}", link.peer(), String.valueOf(e));
        } finally {
            links.remove(link);
        }
    }

    private void greet(ClientLink link) throws IOException {
        GatewayFrame first = link.receiveHello();
        if (!(first instanceof Hello hello)) {
            link.refuse(new Refused(RefusalCode.INVALID, "expected a hello"));
            return;
        }
        Refused refused = sessions.refusal(hello);
        GatewaySessions.Open open = refused == null
                ? OwnDisk.ask(() -> Optional.ofNullable(sessions.attach(hello))).orElse(null)
                : null;
        if (open == null) {
            LOG.info("client refused session={} why={}", hello.session(), refused);
            link.refuse(refused != null ? refused : new Refused(RefusalCode.IN_USE, "another client was faster"));
            return;
        }
        talk(link, open);
    }

    private void talk(ClientLink link, GatewaySessions.Open open) throws IOException {
        UUID session = open.positions().session();
        SessionTalk.Outcome outcome = SessionTalk.Outcome.GONE;
        LOG.info(
                "client attached session={} rows={}",
                open.positions().session(),
                open.positions().rows());
        try {
            AmqpLoop amqp = loop("session " + session);
            outcome = new SessionTalk(link, open.positions(), answers, amqp, topology).run();
            if (outcome == SessionTalk.Outcome.FETCHED) {
                finish(open);
            }
        } finally {
            if (outcome != SessionTalk.Outcome.FETCHED) {
                sessions.detach(open, outcome == SessionTalk.Outcome.LEFT, time.heardMs());
            }
            LOG.info(
                    "client detached session={} rows={}",
                    session,
                    open.positions().rows());
        }
    }

    /** While its client is attached, so that no other comes in between. */
    private void finish(GatewaySessions.Open open) {
        OwnDisk.run(() -> sessions.finish(open));
        LOG.info("session ended session={}", open.positions().session());
    }

    private void collect(Connection connection) throws IOException, TimeoutException, InterruptedException {
        Channel channel = connection.createChannel();
        topology.declare(channel);
        Outlet outlet = new Outlet(channel);
        Inlet inlet = Inlet.openAlone(channel, Topology.RESULTS, PREFETCH);
        while (!stop.isRequested()) {
            List<Inlet.Delivery> taken = inlet.take();
            if (!taken.isEmpty()) {
                keep(ofOpenSessions(intake.readAll(taken, outlet)));
                inlet.acknowledge(taken);
            }
        }
    }

    /** Without answers of sessions that are over. */
    private List<BatchIntake.Came> ofOpenSessions(List<BatchIntake.Came> came) {
        List<BatchIntake.Came> kept = new ArrayList<>();
        Set<UUID> over = new LinkedHashSet<>();
        for (BatchIntake.Came one : came) {
            UUID session = one.batch().session();
            if (sessions.isOpen(session)) {
                kept.add(one);
            } else {
                over.add(session);
            }
        }
        over.forEach(session -> LOG.info("answer of a session that is over dropped session={}", session));
        return kept;
    }

    private void keep(List<BatchIntake.Came> came) {
        OwnDisk.run(() -> answers.keep(came, System.currentTimeMillis()));
    }

    private void writeEnds(Connection connection) throws IOException, TimeoutException, InterruptedException {
        Channel channel = connection.createChannel();
        topology.declare(channel);
        Outlet outlet = new Outlet(channel);
        time.begin(monotonicMs());
        while (!stop.within(LOOK_MS)) {
            long nowMs = time.look(monotonicMs());
            for (GatewaySessions.Ended ended : OwnDisk.ask(() -> sessions.toEnd(nowMs))) {
                UUID session = ended.open().positions().session();
                for (Position position : ended.tables()) {
                    Batch end = Batch.eos(session, position.table(), position.batches(), false);
                    String routingKey = topology.routingKey(end.table(), session);
                    outlet.publish(Topology.exchange(end.table()), routingKey, BatchCodec.encode(end));
                }
                outlet.confirm();
                sessions.onEndPublished(ended.open());
                LOG.warn(
                        ended.isLeft()
                                ? "client left, the gateway ended its tables session={}"
                                : "client stayed away, the gateway ended its tables session={}",
                        session);
            }
            for (UUID session : OwnDisk.ask(() -> sessions.forget(nowMs))) {
                LOG.warn("nobody fetched the answer session={}", session);
            }
            if (!channel.isOpen()) {
                throw new IOException("the channel has closed");
            }
        }
    }

    private static long monotonicMs() {
        return System.nanoTime() / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        stop.request();
        server.close();
        sessions.close();
        answers.close();
    }

    /** As it was made. */
    public GatewayOptions options() {
        return options;
    }
}
