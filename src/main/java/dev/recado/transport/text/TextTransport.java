package dev.recado.transport.text;

import dev.recado.transport.BoundListener;
import dev.recado.transport.ListenerSettings;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The text protocol as a {@link Transport}: one {@link TextVerticle} an event loop. */
public final class TextTransport implements Transport {

    /** Instances with the same negative port share one free port; every listener of a process needs its own number. */
    private static final AtomicInteger SHARED_PORTS = new AtomicInteger();

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Future<BoundListener> start(TransportContext context) {
        ListenerSettings address = context.listener().address();
        int port = address.port() == 0 ? SHARED_PORTS.decrementAndGet() : address.port();
        List<TextVerticle> instances = new CopyOnWriteArrayList<>();
        DeploymentOptions options = new DeploymentOptions().setInstances(address.instances());
        return context.vertx()
                .deployVerticle(
                        () -> {
                            TextVerticle instance = new TextVerticle(context, port);
                            instances.add(instance);
                            return instance;
                        },
                        options)
                .map(id -> new Bound(
                        context.vertx(),
                        id,
                        instances,
                        name(),
                        address.host(),
                        instances.get(0).boundPort()));
    }

    private static final class Bound implements BoundListener {
        private final Vertx vertx;
        private final String deployment;
        private final List<TextVerticle> instances;
        private final String name;
        private final String host;
        private final int port;
        private @Nullable Future<Void> stopped;

        private Bound(
                Vertx vertx, String deployment, List<TextVerticle> instances, String name, String host, int port) {
            this.vertx = vertx;
            this.deployment = deployment;
            this.instances = instances;
            this.name = name;
            this.host = host;
            this.port = port;
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
                        instances.stream().map(TextVerticle::drain).toList();
                running = Future.join(drains)
                        .timeout(Math.max(1, drainMs), TimeUnit.MILLISECONDS)
                        .transform(drained -> vertx.undeploy(deployment));
                stopped = running;
            }
            return running;
        }
    }
}
