package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
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
    private final PeerPulse pulse;
    private final ByteWriter outbox;
    private final Handshake handshake;
    private final Command command = new Command();

    /** Begins with our part of the greeting: a peer waits for it before it goes on. */
    PeerCommands(
            ZmtpSession session,
            ZmtpEnvironment environment,
            Role role,
            ZmtpSettings.TopicRef topic,
            PeerPulse pulse,
            ByteWriter outbox) {
        this.session = session;
        this.role = role;
        this.pulse = pulse;
        this.outbox = outbox;
        handshake = new Handshake(
                role,
                environment.authenticator,
                who -> EndpointTopic.admission(environment.broker, topic, role, who),
                environment.curve);
        handshake.begin(outbox);
    }

    /** Takes bytes of the greeting, which is no frame; answers how many. */
    int onGreeting(byte[] bytes, int from, int length) {
        if (!handshake.isGreeting()) {
            return 0;
        }
        int taken = handshake.onGreeting(bytes, from, length, outbox);
        afterHandshakeStep();
        return taken;
    }

    void onCommand(MessageDecoder from) {
        if (!command.read(from.bytes(), from.start(0), from.length(0))) {
            if (handshake.channel() == null) { // one that was sealed is passed over
                session.end("a command without a name");
            }
        } else if (handshake.state() != Handshake.State.DONE) {
            handshake.onCommand(command, outbox);
            afterHandshakeStep();
        } else {
            onTrafficCommand();
        }
    }

    private void onTrafficCommand() {
        if (command.is(Command.PING)) {
            if (!pulse.onPing(command, outbox)) {
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
            pulse.onGreeted(peer.knowsCommands());
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
            handshake.onLogin(who, outbox);
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
            Frames.putError(outbox, reason);
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
