package dev.recado.app;

import dev.recado.base.SettingException;
import dev.recado.base.TimeSource;
import dev.recado.broker.Figure;
import dev.recado.config.Config;
import dev.recado.config.SessionsConfig;
import dev.recado.config.TransportsConfig;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.StorageException;
import dev.recado.node.NodeShape;
import dev.recado.node.NodeStart;
import dev.recado.security.Authenticator;
import dev.recado.security.OneLogin;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.ConnectionCount;
import dev.recado.transport.LoopSockets;
import dev.recado.transport.SharedByListeners;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole node in this process: Vert.x, the broker, its transports. Started and stopped once, by one thread. */
final class RecadoNode implements BrokerNode {

    private static final Logger LOG = LoggerFactory.getLogger(RecadoNode.class);
    /** What a listener may take to write out answers and deliveries under way. */
    private static final long DRAIN_MS = 3_000;
    /** Share of the heap for large messages that arrive in pieces. */
    private static final int ASSEMBLY_PERCENT = 12;

    /** Files are this program's own: Vert.x needs no directory for copies of what lies in the JAR. */
    static final FileSystemOptions NO_FILES =
            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

    private final Launch launch;
    private final Disk disk;
    private final DataDirectory directory;
    private final RoomSettings settings;
    private final @Nullable String onlyLogin;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final List<BoundListener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Vertx vertx;
    private volatile String io = "";
    private volatile @Nullable NodeStart node;
    private volatile @Nullable Logins logins;
    private volatile boolean classicRead;
    private @Nullable CompletionStage<Void> stopping;

    RecadoNode(Launch launch, Disk disk, DataDirectory directory) {
        this(launch, disk, directory, null);
    }

    /** {@code onlyLogin}: the secret of {@link OneLogin}, without which nobody comes in; null: users are asked. */
    RecadoNode(Launch launch, Disk disk, DataDirectory directory, @Nullable String onlyLogin) {
        this.launch = launch;
        this.onlyLogin = onlyLogin;
        this.disk = disk;
        this.directory = directory;
        this.settings = new RoomSettings(launch.config());
    }

    @Override
    public CompletionStage<List<BoundAddress>> start() {
        SocketIo found;
        try {
            found = SocketIo.open(
                    launch.config().node().io(),
                    new VertxOptions()
                            .setEventLoopPoolSize(settings.eventLoops())
                            .setFileSystemOptions(NO_FILES));
        } catch (IllegalStateException e) {
            return CompletableFuture.failedStage(e);
        }
        found.tell(LOG);
        io = found.name();
        Vertx made = found.vertx();
        made.exceptionHandler(Halt::onStray);
        vertx = made;
        return NodeStart.start(new NodeStart.Parts(
                        made,
                        disk,
                        new NodeShape(
                                directory.identity().shards(),
                                BuildVersion.full(),
                                settings.broker(),
                                settings.journal(),
                                settings.segments()),
                        TimeSource.system(),
                        this::onFailure))
                .compose(started -> {
                    node = started;
                    return importClassic(made, started);
                })
                .compose(started -> admit(made, started))
                .compose(started -> listen(made, started))
                .toCompletionStage();
    }

    /** Whether somebody has to log in is known now: before that nothing is listened to. */
    private Future<NodeStart> admit(Vertx made, NodeStart started) {
        Config config = launch.config();
        Logins opened = Logins.of(made, started, config);
        logins = opened;
        OpenListeners.warnings(config).forEach(LOG::warn);
        started.show(Figure.gauge(
                "insecure",
                "1 where security.insecure is set: others may do everything while no user exists",
                config.security().isInsecure() ? 1 : 0));
        return opened.ensureFirst(config.security()).compose(done -> {
            String refusal =
                    started.broker().catalog().users().isEmpty() ? OpenListeners.refusalWithoutUsers(config) : null;
            return refusal == null
                    ? Future.succeededFuture(started)
                    : Future.failedFuture(new SettingException(refusal, null));
        });
    }

    private Future<NodeStart> importClassic(Vertx made, NodeStart started) {
        if (launch.classicFile() == null) {
            return Future.succeededFuture(started);
        }
        return classic(made, started).importFrom(launch.classicFile()).map(unused -> {
            classicRead = true;
            return started;
        });
    }

    private ClassicBridge classic(Vertx running, NodeStart started) {
        Path data = launch.config().node().dataDir();
        return new ClassicBridge(running, started.broker(), settings.topicDefaults(), data);
    }

    private Future<List<BoundAddress>> listen(Vertx made, NodeStart started) {
        ByteBudget incoming =
                ByteBudget.ofHeap(ASSEMBLY_PERCENT, launch.config().message().bytesMax());
        started.broker().ledger().add("incoming", incoming.maxBytes(), incoming::usedBytes);
        SocketIo.figures(io, settings.eventLoops()).forEach(started::show);
        TransportsConfig transports = launch.config().transports();
        Authenticator users = Objects.requireNonNull(logins, "made before").authenticator();
        TransportContext context = new TransportContext(
                made,
                started.broker(),
                onlyLogin == null ? users : new OneLogin(users, onlyLogin),
                TimeSource.system(),
                new SharedByListeners(
                        settings.eventLoops(),
                        new ConnectionCount(connectionsMax(started)),
                        incoming,
                        new LoopSockets(settings.outputBytesMaxOfLoop()),
                        started::show),
                settings.sessions(),
                transports.values());
        List<Future<List<BoundListener>>> binding = new ArrayList<>();
        for (Transport transport : transports.found()) {
            binding.add(transport.start(context).onSuccess(listeners::addAll));
        }
        return Future.join(binding)
                .recover(failed -> Future.failedFuture(ListenFailure.of(transports.found(), binding)))
                .map(all -> binding.stream()
                        .flatMap(bound -> bound.result().stream())
                        .map(listener -> new BoundAddress(listener.name(), listener.host(), listener.port()))
                        .toList());
    }

    private int connectionsMax(NodeStart started) {
        SessionsConfig sessions = launch.config().sessions();
        int wanted = sessions.connectionsMax();
        ConnectionLimit limit = ConnectionLimit.ofProcess(wanted, disk.filesOpenMax(), settings.eventLoops());
        limit.tell(LOG, wanted, sessions.connectionsAsked());
        started.show(Figure.gauge("sessions_max", "connections that are taken at once", limit.max()));
        return limit.max();
    }

    /** Storage that failed ends the broker in order; after anything else what is in memory is not to be trusted. */
    private void onFailure(Throwable cause) {
        if (!(cause instanceof StorageException) && !(cause instanceof DamagedException)) {
            Halt.now(cause);
        }
        if (failure.completeExceptionally(cause)) {
            LOG.error("the broker cannot go on", cause);
        }
    }

    @Override
    public String io() {
        return io;
    }

    @Override
    public CompletionStage<Void> failure() {
        return failure;
    }

    @Override
    public CompletionStage<Void> stop() {
        CompletionStage<Void> known = stopping;
        if (known != null) {
            return known;
        }
        CompletionStage<Void> stage = stopInOrder().toCompletionStage();
        stopping = stage;
        return stage;
    }

    private Future<Void> stopInOrder() {
        Vertx running = vertx;
        if (running == null) {
            return Future.succeededFuture();
        }
        NodeStart started = node;
        if (started != null) {
            started.drain();
        }
        Logins opened = logins;
        if (opened != null) {
            opened.close();
        }
        List<Future<Void>> draining = new ArrayList<>();
        listeners.forEach(listener -> draining.add(listener.stop(DRAIN_MS)));
        Future<Void> drained = Future.all(draining).mapEmpty();
        if (started == null || failure.isDone()) {
            return drained.eventually(running::close);
        }
        return drained.compose(unused -> exportClassic(running, started))
                .eventually(started::stop)
                .eventually(running::close);
    }

    /** A file of which only a part is in the topic stays as it is. */
    private Future<Void> exportClassic(Vertx running, NodeStart started) {
        if (launch.classicFile() == null || !classicRead) {
            return Future.succeededFuture();
        }
        return classic(running, started).exportTo(launch.classicFile());
    }
}
