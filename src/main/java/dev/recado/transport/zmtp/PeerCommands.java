package dev.recado.transport.zmtp;

import dev.recado.broker.SessionInfo;
import dev.recado.security.Identity;
import dev.recado.transport.Pauses;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import org.jspecify.annotations.Nullable;

/** What a peer says beside its messages: the greeting, the handshake, and commands behind that. One session's. */
final class PeerCommands {

    private final ZmtpSession session;
    private final Role role;
    private final Handshake handshake;
    private final Command command = new Command();

    /** Begins with our part of the greeting: a peer waits for it before it goes on. */
    PeerCommands(ZmtpSession session, ZmtpEnvironment environment, Role role) {
        this.session = session;
        this.role = role;
        handshake = new Handshake(environment.terms, session.address());
        handshake.begin(session.outbox.bytes);
    }

    /** Takes bytes of the greeting, which is no frame; answers how many. */
    int onGreeting(byte[] bytes, int from, int length) {
        if (!handshake.isGreeting()) {
            return 0;
        }
        int taken = handshake.onGreeting(bytes, from, length, session.outbox.bytes);
        afterHandshakeStep();
        return taken;
    }

    void onCommand(MessageDecoder from) {
        if (!command.read(from.bytes(), from.start(0), from.length(0))) {
            if (handshake.channel() == null) { // one that was sealed is passed over
                session.end("a command without a name");
            }
        } else if (handshake.state() != Handshake.State.DONE) {
            handshake.onCommand(command, session.outbox.bytes);
            afterHandshakeStep();
        } else {
            onTrafficCommand();
        }
    }

    private void onTrafficCommand() {
        if (command.is(Command.PING)) {
            if (!session.pulse.onPing(command, session.outbox.bytes)) {
                session.end("a PING has a time to live and a context of at most 16 bytes");
            }
            session.flushSoon();
        } else if (command.is(Command.SUBSCRIBE) || command.is(Command.CANCEL)) {
            onSubscription(command.is(Command.SUBSCRIBE));
        } else if (command.is(Command.ERROR)) {
            session.tell("peer ended", command.errorReason());
            session.end("");
        } else if (!command.is(Command.PONG)) {
            session.end("unknown command");
        }
    }

    private void onSubscription(boolean wanted) {
        Traffic traffic = session.traffic();
        if (traffic != null) {
            traffic.onSubscription(command.bytes(), command.dataStart(), command.dataLength(), wanted);
        }
    }

    /** The handshake went on: it may be over, either way. */
    private void afterHandshakeStep() {
        if (handshake.state() == Handshake.State.FAILED) {
            if (!handshake.failure().isEmpty()) {
                session.tell("handshake refused", handshake.failure());
            }
            session.end("");
        } else if (handshake.state() == Handshake.State.DONE && session.traffic() == null) {
            Peer peer = handshake.peer();
            session.pulse.onGreeted(peer.knowsCommands());
            session.begin(peer, handshake.channel());
        } else if (handshake.isWaiting()) {
            session.pause(Pauses.Reason.ANSWER);
            session.heard(handshake.login()).onSuccess(this::onLogin).onFailure(failure -> {
                session.tell("login failed", String.valueOf(failure.getMessage()));
                onLogin(null);
            });
        }
    }

    /** Whether it is not known yet who the peer is, for which it waits. */
    boolean isLoggingIn() {
        return handshake.isWaiting();
    }

    /** It is known who the peer is, or that it is nobody. */
    private void onLogin(@Nullable Identity who) {
        if (session.isOpen()) {
            session.lift(Pauses.Reason.ANSWER);
            handshake.onLogin(who, session.outbox.bytes);
            afterHandshakeStep();
            session.proceed();
        }
    }

    /** What was read of the last command is no longer valid. */
    void forget() {
        command.forget();
    }

    /** Tells the peer why its connection ends, if it may be sent commands. */
    void putError(String reason) {
        if (handshake.knowsCommands()) {
            Frames.putError(session.outbox.bytes, reason);
        }
    }

    /** Who is at {@code address}, once the handshake is over. */
    SessionInfo info(String address) {
        return new SessionInfo(
                role.listener(),
                address,
                handshake.peer().name(),
                handshake.identity().user());
    }

    /** As whom the peer came, once the handshake is over. */
    Identity identity() {
        return handshake.identity();
    }

    /** Forgets what is secret. */
    void close() {
        handshake.close();
    }
}
