package dev.recado.transport.text;

import dev.recado.base.Refusal;
import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;

/** The text protocol as a {@link Transport}. */
public final class TextTransport implements Transport {

    /** Share of the heap for answers to BROWSE that clients have not taken. */
    private static final int BROWSING_PERCENT = 6;
    /** The same for large replies to REQ. */
    private static final int REPLIES_PERCENT = 6;

    @Override
    public String name() {
        return TextSettings.LISTENER.transport();
    }

    @Override
    public List<Setting> settings() {
        return TextSettings.rows();
    }

    @Override
    public List<DeclaredListener> listeners(SettingValues values) {
        return List.of(TextSettings.LISTENER);
    }

    @Override
    public List<String> problems(SettingValues values) {
        return TextSettings.LISTENER.tlsProblems(values);
    }

    @Override
    public Future<List<BoundListener>> start(TransportContext context) {
        TextSettings settings = TextSettings.of(context.settings(), context.sessions());
        BrowseBudget browsing =
                BrowseBudget.ofHeap(BROWSING_PERCENT, context.sessions().messageBytesMax());
        context.broker().ledger().add("browsed", browsing.bytesMax(), browsing::usedBytes);
        ByteBudget replies =
                ByteBudget.ofHeap(REPLIES_PERCENT, context.sessions().messageBytesMax());
        context.broker().ledger().add("text_replies", replies.maxBytes(), replies::usedBytes);
        return SessionListener.start(
                        context, TextSettings.LISTENER, () -> new TextSessions(context, settings, browsing, replies))
                .map(List::of);
    }

    /** Text sessions on one event loop. */
    private static final class TextSessions implements Sessions {
        private final TextEnvironment environment;

        private TextSessions(
                TransportContext context, TextSettings settings, BrowseBudget browsing, ByteBudget replies) {
            Context loop = context.vertx().getOrCreateContext();
            Executor onLoop = task -> loop.runOnContext(unused -> task.run());
            environment = new TextEnvironment(
                    context.broker(),
                    new LoopAuthenticator(context.authenticator(), onLoop),
                    settings,
                    context.time(),
                    context.shared().assembly().lender(onLoop),
                    UUID::randomUUID,
                    new LoopBuffers(context.shared().sockets().large(), browsing, replies));
        }

        @Override
        public WireSession open(Wire wire) {
            return new TextSession(environment, wire);
        }

        @Override
        public byte[] farewell(Refusal refusal) {
            return (ErrorWords.line(refusal) + '\n').getBytes(StandardCharsets.UTF_8);
        }
    }
}
