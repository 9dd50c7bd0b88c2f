package dev.recado.transport.amqp;

import dev.recado.base.Refusal;
import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.LoopAuthenticator;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.PeerLog;
import dev.recado.transport.SessionListener;
import dev.recado.transport.Sessions;
import dev.recado.transport.TopicCaches;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;

/** AMQP 0-9-1 as a {@link Transport}. */
public final class AmqpTransport implements Transport {

    /** Share of the heap for direct replies that wait for their clients. */
    private static final int REPLIES_PERCENT = 6;

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public List<Setting> settings() {
        return AmqpSettings.rows();
    }

    @Override
    public List<DeclaredListener> listeners(SettingValues values) {
        return List.of(AmqpSettings.listener(values));
    }

    @Override
    public List<String> problems(SettingValues values) {
        return AmqpSettings.listener(values).tlsProblems(values);
    }

    @Override
    public Future<List<BoundListener>> start(TransportContext context) {
        DeclaredListener listener = AmqpSettings.listener(context.settings());
        if (!listener.enabled()) {
            return Future.succeededFuture(List.of());
        }
        AmqpSettings settings = AmqpSettings.of(context.settings(), context.sessions());
        ByteBudget replies =
                ByteBudget.ofHeap(REPLIES_PERCENT, context.sessions().messageBytesMax());
        context.broker().ledger().add("amqp_replies", replies.maxBytes(), replies::usedBytes);
        return SessionListener.start(context, listener, () -> new AmqpSessions(context, settings, replies))
                .map(List::of);
    }

    /** AMQP connections on one event loop. */
    private static final class AmqpSessions implements Sessions {
        private final AmqpEnvironment environment;

        private AmqpSessions(TransportContext context, AmqpSettings settings, ByteBudget replies) {
            Context loop = context.vertx().getOrCreateContext();
            Executor onLoop = task -> loop.runOnContext(unused -> task.run());
            environment = new AmqpEnvironment(
                    context.broker(),
                    new LoopAuthenticator(context.authenticator(), onLoop),
                    settings,
                    context.time(),
                    context.shared().assembly().lender(onLoop),
                    UUID::randomUUID,
                    new AmqpEnvironment.Memory(
                            new LoopScratch(),
                            new TopicCaches(),
                            context.shared().sockets().large(),
                            replies,
                            new PeerLog("amqp", "amqp"),
                            new StartFrame(
                                    context.broker().version(),
                                    !settings.anonymousUser().isEmpty())));
        }

        @Override
        public WireSession open(Wire wire) {
            return new AmqpSession(environment, wire);
        }

        /** Before its header a client understands no reason. */
        @Override
        public byte[] farewell(Refusal refusal) {
            return new byte[0];
        }
    }
}
