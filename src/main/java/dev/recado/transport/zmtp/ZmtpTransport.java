package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.security.ListenerRule;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.DeclaredListener;
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
        return Role.TRANSPORT;
    }

    @Override
    public List<Setting> settings() {
        return ZmtpRows.all();
    }

    @Override
    public List<DeclaredListener> listeners(SettingValues values) {
        boolean enabled = values.flag(ZmtpRows.ENABLED);
        List<DeclaredListener> declared = new ArrayList<>();
        for (Role role : Role.values()) {
            declared.add(role.declared(enabled));
        }
        return declared;
    }

    @Override
    public List<String> problems(SettingValues values) {
        return ZmtpRows.problems(values);
    }

    @Override
    public OwnSealing sealing(SettingValues values) {
        boolean hasKey = !values.text(ZmtpRows.CURVE_KEY).isEmpty();
        return new OwnSealing(
                hasKey, hasKey && !values.text(ZmtpRows.CURVE_CLIENTS).isEmpty(), ZmtpRows.CURVE_KEY);
    }

    @Override
    public Future<List<BoundListener>> start(TransportContext context) {
        if (!context.settings().flag(ZmtpRows.ENABLED)) {
            return Future.succeededFuture(List.of());
        }
        ZmtpSettings settings =
                ZmtpSettings.of(context.settings(), context.sessions().topicDefaults());
        try {
            Curve.Keys curve = CurveFiles.read(settings.entrance());
            return prepare(context, settings).compose(prepared -> bind(context, settings, curve));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private static Future<List<BoundListener>> bind(
            TransportContext context, ZmtpSettings settings, Curve.@Nullable Keys curve) {
        ByteBudget answers =
                ByteBudget.ofHeap(ANSWERS_PERCENT, context.sessions().messageBytesMax());
        context.broker().ledger().add("zmtp_answers", answers.maxBytes(), answers::usedBytes);
        List<Future<BoundListener>> binding = new ArrayList<>();
        for (Role role : Role.values()) {
            binding.add(SessionListener.start(
                    context, role.declared(true), () -> new ZmtpSessions(context, settings, role, answers, curve)));
        }
        return SessionListener.all(binding);
    }

    /** Makes the topics, on one of the broker's loops. */
    private static Future<?> prepare(TransportContext context, ZmtpSettings settings) {
        Promise<Void> done = Promise.promise();
        ((VertxInternal) context.vertx()).createEventLoopContext().runOnContext(unused -> Future.all(
                        EndpointTopic.ensure(context.broker(), settings.topics().requests()),
                        EndpointTopic.ensure(context.broker(), settings.topics().pubsub()),
                        EndpointTopic.ensure(context.broker(), settings.topics().pipeline()))
                .<Void>mapEmpty()
                .onComplete(done));
        return done.future();
    }

    /** Sessions of one role on one event loop. */
    private static final class ZmtpSessions implements Sessions {
        private final Role role;
        private final ZmtpEnvironment environment;
        private final BiFunction<ZmtpSession, Peer, Traffic> work;

        private ZmtpSessions(
                TransportContext context,
                ZmtpSettings settings,
                Role role,
                ByteBudget answers,
                Curve.@Nullable Keys curve) {
            this.role = role;
            Context loop = context.vertx().getOrCreateContext();
            environment = new ZmtpEnvironment(
                    role,
                    new ZmtpEnvironment.Ports(
                            context.broker(),
                            new LoopAuthenticator(
                                    context.authenticator(), task -> loop.runOnContext(unused -> task.run())),
                            context.time()),
                    settings,
                    context.sessions(),
                    new ZmtpEnvironment.Memory(
                            context.shared().assembly().lender(),
                            answers,
                            context.shared().sockets().large()),
                    curve,
                    takesPasswords(context.settings(), settings, role));
            work = (session, peer) -> Roles.traffic(role, environment, session, peer);
        }

        private static boolean takesPasswords(SettingValues values, ZmtpSettings settings, Role role) {
            ZmtpSettings.Entrance entrance = settings.entrance();
            String host = role.declared(true).settings(values).host();
            return ListenerRule.isLoopback(host)
                    || entrance.isPlaintext()
                    || entrance.keyFile().isEmpty();
        }

        @Override
        public WireSession open(Wire wire) {
            return new ZmtpSession(environment, wire, role, work);
        }

        /** Before its greeting a peer understands no reason; it will try again. */
        @Override
        public byte[] farewell(Refusal refusal) {
            return new byte[0];
        }
    }
}
