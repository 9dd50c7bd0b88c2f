package dev.recado.transport;

import dev.recado.broker.Figure;
import dev.recado.tls.TlsCertificates;
import dev.recado.tls.TlsFiles;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A listener of sessions: one {@link SessionVerticle} an event loop, all on one port. Safe for use by any thread. */
public final class SessionListener implements BoundListener {

    /** Instances with the same negative port share one free port; every listener of a process needs its own number. */
    private static final AtomicInteger SHARED_PORTS = new AtomicInteger();

    private final Vertx vertx;
    private final String deployment;
    private final List<SessionVerticle> instances;
    private final String name;
    private final String host;
    private final int port;
    private final @Nullable TlsCertificates certificates;
    private final long looking;
    private @Nullable Future<Void> stopped;

    private SessionListener(
            TransportContext context,
            String deployment,
            List<SessionVerticle> instances,
            SessionVerticle.Secured secured,
            ListenerSettings address) {
        vertx = context.vertx();
        this.deployment = deployment;
        this.instances = instances;
        name = secured.name();
        certificates = secured.certificates();
        host = address.host();
        port = instances.get(0).boundPort();
        TlsCertificates read = certificates;
        looking = read == null ? -1 : look(read);
        if (read != null) {
            show(context, read);
        }
    }

    /** Looks for new certificates on a worker, never twice at once. */
    private long look(TlsCertificates read) {
        AtomicBoolean busy = new AtomicBoolean();
        return vertx.setPeriodic(TlsCertificates.LOOK_MS, unused -> {
            if (busy.compareAndSet(false, true)) {
                vertx.executeBlocking(() -> {
                            read.onLook();
                            return null;
                        })
                        .onComplete(looked -> busy.set(false));
            }
        });
    }

    private void show(TransportContext context, TlsCertificates read) {
        String prefix = name.replace('-', '_') + "_tls_";
        Consumer<Supplier<Figure>> figures = context.shared().figures();
        figures.accept(() -> Figure.counter(prefix + "handshakes", "TLS handshakes completed", read.completed()));
        figures.accept(() -> Figure.counter(
                prefix + "failures", "connections that ended before their TLS handshake did", read.failed()));
        figures.accept(() -> Figure.gauge(
                prefix + "half_open", "connections whose TLS handshake is not completed", read.halfOpen()));
        figures.accept(() ->
                Figure.gauge(prefix + "days_left", "whole days until the certificate in use expires", read.daysLeft()));
        figures.accept(() -> Figure.gauge(
                prefix + "stale",
                "1 while changed TLS files cannot be used and what was read before stays in use",
                read.isStale() ? 1 : 0));
    }

    /**
     * Binds {@code listener}; {@code protocol} is asked once on each event loop. Fails with an
     * {@link IOException} that names the setting where the address cannot be bound.
     */
    public static Future<BoundListener> start(
            TransportContext context, DeclaredListener listener, Supplier<Sessions> protocol) {
        ListenerSettings address = listener.settings(context.settings());
        return certificates(context, address)
                .compose(read -> start(
                        context,
                        listener,
                        address,
                        protocol,
                        new SessionVerticle.Secured(listener.name(), listener.tlsSettings(context.settings()), read)));
    }

    /** Those of a listener of TLS, read on a worker: what the JDK loads for it takes its time. */
    private static Future<@Nullable TlsCertificates> certificates(TransportContext context, ListenerSettings address) {
        TlsFiles files = address.tls();
        return files == null
                ? Future.succeededFuture(null)
                : context.vertx().executeBlocking(() -> TlsCertificates.open(files, context.time()));
    }

    private static Future<BoundListener> start(
            TransportContext context,
            DeclaredListener listener,
            ListenerSettings address,
            Supplier<Sessions> protocol,
            SessionVerticle.Secured secured) {
        int port = address.port() == 0 ? SHARED_PORTS.decrementAndGet() : address.port();
        List<SessionVerticle> instances = new CopyOnWriteArrayList<>();
        DeploymentOptions options =
                new DeploymentOptions().setInstances(context.shared().loops());
        Supplier<SessionVerticle> making = () -> {
            SessionVerticle instance = new SessionVerticle(context, address, port, protocol, secured);
            instances.add(instance);
            return instance;
        };
        return context.vertx()
                .deployVerticle(making, options)
                .<BoundListener>map(id -> new SessionListener(context, id, instances, secured, address))
                .recover(failed -> Future.failedFuture(cannotListen(listener, address, failed)));
    }

    /** All of {@code binding}, in that order; where some cannot listen, fails with a line for each of these. */
    public static Future<List<BoundListener>> all(List<Future<BoundListener>> binding) {
        return Future.join(binding)
                .map(all -> binding.stream().map(Future::result).toList())
                .recover(first -> Future.failedFuture(
                        first instanceof IOException ? new IOException(texts(binding), first) : first));
    }

    private static String texts(List<Future<BoundListener>> binding) {
        return binding.stream()
                .filter(Future::failed)
                .map(one -> String.valueOf(one.cause().getMessage()))
                .collect(Collectors.joining("\n"));
    }

    private static IOException cannotListen(DeclaredListener listener, ListenerSettings address, Throwable cause) {
        return new IOException(
                "cannot listen on " + address.host() + ":" + address.port() + " (" + cause.getMessage() + "); "
                        + advice(listener.portKey(), String.valueOf(cause.getMessage())),
                cause);
    }

    /** What to do about {@code reason}, which the system gave. */
    static String advice(String portKey, String reason) {
        return reason.contains("Too many open files")
                ? "raise the limit of open files with ulimit -n (systemd: LimitNOFILE)"
                : "choose another port with --set " + portKey + "=0";
    }

    private void endTls() {
        TlsCertificates read = certificates;
        if (read != null) {
            vertx.cancelTimer(looking);
            read.close();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public synchronized Future<Void> stop(long drainMs) {
        Future<Void> running = stopped;
        if (running == null) {
            List<Future<Void>> drains =
                    instances.stream().map(SessionVerticle::drain).toList();
            running = Future.join(drains)
                    .timeout(Math.max(1, drainMs), TimeUnit.MILLISECONDS)
                    .transform(drained -> vertx.undeploy(deployment))
                    .onComplete(undeployed -> endTls());
            stopped = running;
        }
        return running;
    }
}
