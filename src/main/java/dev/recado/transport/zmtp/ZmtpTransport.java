package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.SessionListener;
import dev.recado.transport.Sessions;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** ZMTP as a {@link Transport}: a listener for each {@link Role}. */
public final class ZmtpTransport implements Transport {

    /** Share of the heap for answers that wait, over all clients. */
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
        ByteBudget answers = ByteBudget.ofHeap(ANSWERS_PERCENT, 0);
        List<Future<BoundListener>> binding = new ArrayList<>();
        for (Role role : Role.values()) {
            binding.add(
                    SessionListener.start(context, role.listener(), () -> new ZmtpSessions(context, answers, role)));
        }
        return Future.all(binding)
                .map(all -> binding.stream().map(Future::result).toList());
    }

    /** Sessions of one role on one event loop. */
    private static final class ZmtpSessions implements Sessions {
        private final Role role;
        private final ZmtpEnvironment environment;

        private ZmtpSessions(TransportContext context, ByteBudget answers, Role role) {
            this.role = role;
            environment = new ZmtpEnvironment(
                    context.broker(),
                    context.authenticator(),
                    context.options(ZmtpSettings.class),
                    context.sessions(),
                    context.time(),
                    context.assembly(),
                    answers,
                    UUID::randomUUID,
                    () -> null);
        }

        @Override
        public WireSession open(Wire wire) {
            return new ZmtpSession(environment, wire, role);
        }

        /** Before its greeting a peer understands no reason; it will try again. */
        @Override
        public byte[] farewell(Refusal refusal) {
            return new byte[0];
        }
    }
}
