package dev.recado.transport.amqp;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Party;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionInfo;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import dev.recado.security.Tokens;
import dev.recado.transport.Pauses;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.ConnectionMethods;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerMethods;
import org.jspecify.annotations.Nullable;

/** The methods of class {@code connection}: handshake, tuning, opening and the end. One connection's, one owner. */
final class ConnectionCommands {

    private static final int HEARTBEAT_BOUND_S = 65_535;

    /** How far it has come. */
    private enum Phase {
        HEADER,
        START_OK,
        LOGIN,
        TUNE_OK,
        OPEN,
        RUNNING,
        /** The client was told that it ends, and has not agreed. */
        CLOSING
    }

    private final AmqpSession session;
    private final Pulse pulse;
    private final AmqpFrameReader frame = new AmqpFrameReader();
    private final Arguments arguments = new Arguments();
    private final long sinceMs;
    private final Party party = new Party();
    private final OwnedQueues owned;
    private Phase phase = Phase.HEADER;
    private long closingMs;
    private Identity identity = Identity.NOBODY;
    private boolean closesOnFailedLogin;
    private boolean hearsOfCancels;
    /** The client closes it, and hears so once all that it sent before is performed. */
    private boolean closeAsked;

    private boolean agreeing;
    private boolean hearsOfShortage;
    private boolean blocked;
    private String client = "";
    /** Made when the first channel opens. */
    private @Nullable SessionInfo info;

    private String virtualHost = TopicName.DEFAULT_NAMESPACE;
    private int frameBytesMax = AmqpFrameReader.FRAME_BYTES_MIN;

    ConnectionCommands(AmqpSession session, long nowMs) {
        this.session = session;
        pulse = new Pulse(nowMs);
        owned = new OwnedQueues(
                port -> session.environment.broker().open(port, Patience.REFUSE, info(), identity, party));
        sinceMs = nowMs;
    }

    Pulse pulse() {
        return pulse;
    }

    boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    boolean isClosing() {
        return phase == Phase.CLOSING;
    }

    /** Whether a close can be told. */
    boolean isGreeted() {
        return phase != Phase.HEADER;
    }

    /** Those of its channels' links have a queue together, and it ends with them. */
    Party party() {
        return party;
    }

    /** The queues that are its alone. */
    OwnedQueues owned() {
        return owned;
    }

    /** Who the sessions of its channels are. */
    SessionInfo info() {
        SessionInfo known = info;
        if (known == null) {
            known = new SessionInfo("amqp", session.peer(), client, identity.user());
            info = known;
        }
        return known;
    }

    /** The connection is over. */
    void close() {
        owned.close();
    }

    /** The client was told that the connection ends. */
    void closing() {
        phase = Phase.CLOSING;
        closingMs = session.environment.time().monotonicMs();
    }

    /** Whether it takes too long to log in, or to agree to the end. */
    boolean isLate(long nowMs) {
        return switch (phase) {
            case RUNNING -> false;
            case CLOSING -> nowMs - closingMs >= AmqpSession.CLOSING_MS_MAX;
            default ->
                nowMs - sinceMs >= session.environment.settings().sessions().handshakeTimeoutMs();
        };
    }

    /** Who logged in. */
    Identity identity() {
        return identity;
    }

    /** What the client calls itself; empty where it does not. */
    String client() {
        return client;
    }

    /** What it publishes is not stored, or is again: told once for all channels, to clients that know the words. */
    void onShortage(@Nullable Refusal shortage) {
        boolean now = shortage != null;
        if (now == blocked) {
            return;
        }
        blocked = now;
        if (hearsOfShortage && isRunning()) {
            if (shortage != null) {
                String what = shortage.code() == ErrorCode.DISK_LOW ? "disk" : "memory";
                ServerMethods.putBlocked(session.out, "low on " + what);
            } else {
                ServerMethods.putBare(session.out, 0, MethodId.CONNECTION_UNBLOCKED);
            }
            session.flushSoon();
        }
    }

    /**
     * Whoever published may be gone when that ends: nobody else of the connection would be told. And where no channel
     * is open, nobody is told that the user has ended.
     */
    void onTick() {
        if (isRunning()
                && session.channels.isEmpty()
                && !session.environment.broker().isLetIn(identity)) {
            session.fail(AmqpError.of(
                    ReplyCode.CONNECTION_FORCED, "the user, password or token by which it came has ended", null));
            return;
        }
        if (blocked && session.environment.broker().shortage() == null) {
            onShortage(null);
        }
    }

    /** The namespace of everything that it names. */
    String virtualHost() {
        return virtualHost;
    }

    /** Whether it wants to be told of a consumer whose queue is gone. */
    boolean hearsOfCancels() {
        return hearsOfCancels;
    }

    int frameBytesMax() {
        return frameBytesMax;
    }

    /** The header came: the server begins. */
    void begin() {
        boolean isKnown = session.environment.comesAs(StartFrame.EXTERNAL, session.clientNames()) != null;
        session.environment.startFrame().put(session.out, isKnown);
        phase = Phase.START_OK;
        session.flushSoon();
    }

    /** A frame of channel 0 came. */
    void perform(byte[] bytes, int from, int length) {
        frame.read(bytes, from, from + length, Integer.MAX_VALUE);
        if (frame.type() != AmqpFrameReader.METHOD) {
            session.fail(AmqpError.of(ReplyCode.UNEXPECTED_FRAME, "a content frame on channel 0", null));
            return;
        }
        MethodId method = MethodId.of(arguments.open(bytes, frame.payloadStart(), frame.payloadLength()));
        if (method == null || !method.isFromClient()) {
            session.fail(AmqpError.notImplemented("unknown method", MethodId.CONNECTION_CLOSE));
            return;
        }
        if (phase == Phase.CLOSING) {
            onClosing(method);
            return;
        }
        switch (method) {
            case CONNECTION_START_OK -> onStartOk(method);
            case CONNECTION_TUNE_OK -> onTuneOk(method);
            case CONNECTION_OPEN -> onOpen(method);
            case CONNECTION_CLOSE -> {
                closeAsked = true;
                session.onEndOfInput();
            }
            case CONNECTION_UPDATE_SECRET -> onUpdateSecret(method);
            default -> unexpected(method);
        }
    }

    /** All that the client sent was performed, and nothing more comes. */
    void onAllRead() {
        if (!closeAsked) {
            session.leave();
        } else if (!agreeing) {
            agreeing = true;
            session.heard(session.channels.leaveMortal())
                    .transform(left -> {
                        session.channels.closeAll();
                        return session.heard(owned.end());
                    })
                    .onComplete(ended -> {
                        ServerMethods.putBare(session.out, 0, MethodId.CONNECTION_CLOSE_OK);
                        session.leave();
                        session.flush();
                    });
        }
    }

    /** Methods of channels, or those that only a server sends. */
    private void unexpected(MethodId method) {
        String state =
                switch (phase) {
                    case HEADER, START_OK -> "starting";
                    case LOGIN -> "securing";
                    case TUNE_OK -> "tuning";
                    case OPEN -> "opening";
                    case RUNNING -> "running";
                    case CLOSING -> "closing";
                };
        session.fail(AmqpError.of(ReplyCode.CHANNEL_ERROR, "unexpected method in connection state " + state, method));
    }

    private void onClosing(MethodId method) {
        if (method == MethodId.CONNECTION_CLOSE_OK) {
            session.leave();
        } else if (method == MethodId.CONNECTION_CLOSE) {
            ServerMethods.putBare(session.out, 0, MethodId.CONNECTION_CLOSE_OK);
            session.leave();
        }
    }

    /** Whether the method is due; the connection ends where it is not. */
    private boolean isDue(Phase due, MethodId method, @Nullable Object read) {
        if (phase == Phase.RUNNING && phase != due) {
            unexpected(method);
            return false;
        }
        if (phase != due) {
            session.fail(AmqpError.of(ReplyCode.COMMAND_INVALID, method.wireName() + " out of turn", method));
            return false;
        }
        if (read == null) {
            session.fail(AmqpError.of(ReplyCode.SYNTAX_ERROR, arguments.problem(), method));
            return false;
        }
        return true;
    }

    private void onStartOk(MethodId method) {
        ConnectionMethods.StartOk read = ConnectionMethods.StartOk.read(arguments);
        if (!isDue(Phase.START_OK, method, read) || read == null) {
            return;
        }
        closesOnFailedLogin = read.announces("authentication_failure_close");
        hearsOfCancels = read.announces("consumer_cancel_notify");
        hearsOfShortage = read.announces("connection.blocked");
        client = read.clientName();
        Credentials given = Credentials.read(read.mechanism(), read.response());
        Identity known = session.environment.comesAs(read.mechanism(), session.clientNames());
        if (known != null || read.mechanism().equals(StartFrame.EXTERNAL)) {
            onLogin(known, read.mechanism());
            return;
        }
        if (given == null) {
            session.tell(0, "login not understood mechanism=" + read.mechanism());
            session.leave(); // as brokers do whose clients wait for nothing else
            return;
        }
        phase = Phase.LOGIN;
        session.pause(Pauses.Reason.ANSWER);
        session.heard(session.environment.authenticator().authenticate(session.peer(), given.user(), given.password()))
                .onComplete(result -> {
                    session.lift(Pauses.Reason.ANSWER);
                    onLogin(result.succeeded() ? result.result() : null, read.mechanism());
                    session.proceed();
                    session.flush();
                });
    }

    private void onLogin(@Nullable Identity known, String mechanism) {
        if (!session.isOpen()) {
            return;
        }
        if (known == null) {
            refuseLogin(mechanism);
            return;
        }
        identity = known;
        info = null;
        AmqpSettings settings = session.environment.settings();
        ServerMethods.putTune(
                session.out, settings.channelsMax(), settings.frameBytesMax(), settings.heartbeatSeconds());
        phase = Phase.TUNE_OK;
    }

    private void refuseLogin(String mechanism) {
        if (closesOnFailedLogin) {
            session.fail(AmqpError.of(
                    ReplyCode.ACCESS_REFUSED,
                    "Login was refused using authentication mechanism " + mechanism
                            + ". For details see the broker logfile.",
                    null));
        } else {
            session.tell(0, "login refused mechanism=" + mechanism);
            session.leave();
        }
    }

    private void onTuneOk(MethodId method) {
        ConnectionMethods.TuneOk read = ConnectionMethods.TuneOk.read(arguments);
        if (!isDue(Phase.TUNE_OK, method, read) || read == null) {
            return;
        }
        AmqpSettings settings = session.environment.settings();
        boolean channels = read.channelMax() >= 1 && read.channelMax() <= settings.channelsMax();
        boolean frames = read.frameBytesMax() >= AmqpFrameReader.FRAME_BYTES_MIN
                && read.frameBytesMax() <= settings.frameBytesMax();
        if (!channels || !frames) {
            session.fail(AmqpError.of(
                    ReplyCode.NOT_ALLOWED,
                    "negotiated channel_max=" + read.channelMax() + " frame_max=" + read.frameBytesMax()
                            + ", allowed=1 to " + settings.channelsMax() + " and "
                            + AmqpFrameReader.FRAME_BYTES_MIN + " to " + settings.frameBytesMax(),
                    method));
            return;
        }
        frameBytesMax = (int) read.frameBytesMax();
        session.reader.frameBytesMax(frameBytesMax);
        session.channels.countMax(read.channelMax());
        pulse.agreed(
                Math.min(read.heartbeatSeconds(), HEARTBEAT_BOUND_S),
                session.environment.time().monotonicMs());
        phase = Phase.OPEN;
    }

    private void onOpen(MethodId method) {
        ConnectionMethods.Open read = ConnectionMethods.Open.read(arguments);
        if (!isDue(Phase.OPEN, method, read) || read == null) {
            return;
        }
        if (session.environment.broker().mayEnter(identity, read.virtualHost()) != null) {
            session.fail(notEntered(read.virtualHost(), method));
            return;
        }
        virtualHost = read.virtualHost();
        if (StandardExchanges.areThere(session.environment.broker().catalog(), virtualHost)) {
            opened();
            return;
        }
        session.pause(Pauses.Reason.ANSWER);
        session.heard(StandardExchanges.ensure(session.environment.broker(), virtualHost))
                .onComplete(made -> {
                    session.lift(Pauses.Reason.ANSWER);
                    if (made.succeeded()) {
                        opened();
                    } else {
                        session.fail(AmqpError.of(BrokerException.refusal(made.cause()), method));
                    }
                    session.proceed();
                    session.flush();
                });
    }

    /** Why nobody, or not this user, works in a virtual host. */
    AmqpError notEntered(String named, MethodId method) {
        boolean isThere = session.environment.broker().catalog().namespace(named) != null;
        String detail = isThere
                ? "access to vhost '" + named + "' refused for user '" + identity.user() + "'"
                : "vhost " + named + " not found";
        return AmqpError.of(ReplyCode.NOT_ALLOWED, detail, method);
    }

    private void opened() {
        ServerMethods.putConnectionOpenOk(session.out);
        phase = Phase.RUNNING;
    }

    /** The connection and its channels go on as the same user, by what was shown now. */
    private boolean isUpdated(@Nullable Identity known) {
        if (known == null || !known.user().equals(identity.user()) || !session.isOpen()) {
            return false;
        }
        identity = known;
        boolean channels = session.channels.identify(known);
        return owned.identify(known) && channels;
    }

    private void onUpdateSecret(MethodId method) {
        ConnectionMethods.UpdateSecret read = ConnectionMethods.UpdateSecret.read(arguments);
        if (!isDue(Phase.RUNNING, method, read) || read == null) {
            return;
        }
        String user = Tokens.loginName(identity);
        session.pause(Pauses.Reason.ANSWER);
        session.heard(session.environment.authenticator().authenticate(session.peer(), user, read.secret()))
                .onComplete(result -> {
                    session.lift(Pauses.Reason.ANSWER);
                    if (isUpdated(result.succeeded() ? result.result() : null)) {
                        ServerMethods.putBare(session.out, 0, MethodId.CONNECTION_UPDATE_SECRET_OK);
                    } else {
                        session.fail(AmqpError.of(ReplyCode.NOT_ALLOWED, "New secret was refused", method));
                    }
                    session.proceed();
                    session.flush();
                });
    }
}
