package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.LoopAuthenticator;
import dev.recado.transport.SessionListener;
import dev.recado.transport.Sessions;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** ZMTP as a {@link Transport}: a listener for each {@link Role}. */
public final class ZmtpTransport implements Transport {

    /** Share of the heap for answers that wait for their clients. */
    private static final int ANSWERS_PERCENT = 10;

    @Override
    public String name() {
        return "zmtp";
    }

    @Override
    public Future<List<BoundListener>> start(TransportContext context) {
        ZmtpSettings settings = context.options(ZmtpSettings.class);
        if (!settings.enabled()) {
            return Future.succeededFuture(List.of());
        }
        try {
            Curve.Keys curve = CurveFiles.read(settings.curveKeyFile(), settings.curveClientsFile());
            return prepare(context, settings).compose(prepared -> bind(context, curve));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private static Future<List<BoundListener>> bind(TransportContext context, Curve.@Nullable Keys curve) {
        ByteBudget answers =
                ByteBudget.ofHeap(ANSWERS_PERCENT, context.sessions().messageBytesMax());
        context.broker().ledger().add("zmtp_answers", answers.maxBytes(), answers::usedBytes);
        List<Future<BoundListener>> binding = new ArrayList<>();
        for (Role role : Role.values()) {
            binding.add(SessionListener.start(
                    context, role.listener(), () -> new ZmtpSessions(context, role, answers, curve)));
        }
        return Future.all(binding)
                .map(all -> binding.stream().map(Future::result).toList());
    }

    /** Makes the topics, on one of the broker's loops. */
    private static Future<?> prepare(TransportContext context, ZmtpSettings settings) {
        Promise<Void> done = Promise.promise();
        ((VertxInternal) context.vertx()).createEventLoopContext().runOnContext(unused -> Future.all(
                        EndpointTopic.ensure(context.broker(), settings.requests()),
                        EndpointTopic.ensure(context.broker(), settings.pubsub()),
                        EndpointTopic.ensure(context.broker(), settings.pipeline()))
                .<Void>mapEmpty()
                .onComplete(done));
        return done.future();
    }

    /** Sessions of one role on one event loop. */
    private static final class ZmtpSessions implements Sessions {
        private final Role role;
        private final ZmtpEnvironment environment;
        private final BiFunction<ZmtpSession, Peer, Traffic> work;

        private ZmtpSessions(TransportContext context, Role role, ByteBudget answers, Curve.@Nullable Keys curve) {
            this.role = role;
            Context loop = context.vertx().getOrCreateContext();
            environment = new ZmtpEnvironment(
                    role,
                    context.broker(),
                    new LoopAuthenticator(context.authenticator(), task -> loop.runOnContext(unused -> task.run())),
                    context.options(ZmtpSettings.class),
                    context.sessions(),
                    context.time(),
                    context.assembly().lender(),
                    answers,
                    context.sockets().large(),
                    curve);
            work = (session, peer) -> Roles.traffic(role, environment, session, peer);
        }

        @Override
        public WireSession open(Wire wire) {
            return new ZmtpSession(environment, wire, role, Roles.topic(role, environment.settings), work);
        }

        /** Before its greeting a peer understands no reason; it will try again. */
        @Override
        public byte[] farewell(Refusal refusal) {
            return new byte[0];
        }
    }
}
