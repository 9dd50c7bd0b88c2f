package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SessionInfo;
import dev.recado.core.topic.Topic;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import io.vertx.core.Future;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection of ZMTP, without I/O: greeting, handshake, then what its role does with messages. Input is parsed
 * while nothing speaks against it; then what came is kept and the socket is not read. Output is written once a turn of
 * the loop and waits while the socket is full. Owned by its event loop.
 */
final class ZmtpSession implements WireSession {

    /** Bytes that wait for a peer that does not read before its own are no longer read. */
    private static final int OUTBOX_BYTES_MAX = 64 * 1024;

    private final ZmtpEnvironment environment;
    private final Wire wire;
    private final Role role;
    private final ZmtpSettings.TopicRef topic;
    private final BiFunction<ZmtpSession, Peer, Traffic> work;
    private final Handshake handshake;
    private final PeerInput input;
    private final Command command = new Command();
    private final PeerPulse pulse;
    private final FrameOutflow outflow;
    /** The one of {@link #outflow}. */
    private final ByteWriter outbox;

    private @Nullable SecureChannel channel;
    private @Nullable Traffic traffic;
    private boolean parsing;
    private boolean reading = true;
    private boolean waiting;
    private boolean noMemory;
    private boolean tooMuchUnconfirmed;
    private boolean inputEnded;
    private boolean ending;
    private boolean closed;
    private long closeByMs = Long.MAX_VALUE;

    /**
     * @param topic what it works with
     * @param work makes what it does there, once its peer is greeted
     */
    ZmtpSession(
            ZmtpEnvironment environment,
            Wire wire,
            Role role,
            ZmtpSettings.TopicRef topic,
            BiFunction<ZmtpSession, Peer, Traffic> work) {
        this.topic = topic;
        this.work = work;
        this.environment = environment;
        this.wire = wire;
        this.role = role;
        outflow = new FrameOutflow(wire, environment);
        outbox = outflow.outbox;
        handshake = new Handshake(role, environment.authenticator, environment.curve);
        input = new PeerInput(environment);
        pulse = new PeerPulse(
                wire,
                environment.settings.heartbeatMs(),
                environment.sessions.handshakeTimeoutMs(),
                environment.time.monotonicMs());
        handshake.begin(outbox);
        flush();
    }

    // --- from the wire

    @Override
    public void onBytes(byte[] bytes, int from, int length) {
        if (closed || ending) {
            return;
        }
        pulse.onBytes(length, environment.time.monotonicMs());
        int greeted = 0;
        if (handshake.isGreeting()) {
            greeted = handshake.onGreeting(bytes, from, length, outbox);
            afterHandshakeStep();
        }
        if (!ending && greeted < length) {
            input.feed(bytes, from + greeted, length - greeted);
            proceed();
        } else {
            flush();
        }
    }

    /** A ZeroMQ socket that has sent everything reads no longer either; what it sent is taken first. */
    @Override
    public void onEndOfInput() {
        inputEnded = true;
        proceed();
    }

    @Override
    public void onWritten(long position) {
        pulse.onWritten(position);
        if (!closed && traffic != null) {
            traffic.onWritten(position);
        }
    }

    @Override
    public void onWritable() {
        flush();
    }

    @Override
    public void onClosed() {
        if (!closed) {
            closed = true;
            handshake.close();
            input.close();
            outflow.large.close();
            if (traffic != null) {
                traffic.close();
            }
        }
    }

    @Override
    public void drain() {
        end("");
        flush();
    }

    @Override
    public void onTick() {
        if (closed) {
            return;
        }
        long nowMs = environment.time.monotonicMs();
        if (ending) {
            if (nowMs >= closeByMs + (outflow.large.isUnderWay() ? CLOSING_MS_MAX : 0)) {
                wire.close();
            }
            return;
        }
        if (!isAlive(nowMs)) {
            return;
        }
        if (noMemory) {
            noMemory = false;
            proceed();
        }
    }

    /** Ends the session of a peer that does not keep to the times; answers false where it did. */
    private boolean isAlive(long nowMs) {
        String complaint = pulse.complaint(reading, nowMs, input.assembling());
        if (complaint != null) {
            if (traffic == null) {
                // libzmq never connects again after an ERROR in a handshake, and the network may just have been slow.
                tell("handshake ended", complaint);
            }
            end(traffic == null ? "" : complaint);
            flush();
            if (pulse.isMachineGone()) {
                wire.abort();
            }
            return false;
        }
        if (pulse.putPing(reading, nowMs, outbox)) {
            flush();
        }
        return true;
    }

    // --- input

    /** Parses what there is, as far as nothing speaks against it. */
    private void proceed() {
        if (closed || parsing) {
            return;
        }
        parsing = true;
        try {
            boolean more = true;
            while (more && mayParse()) {
                more = step();
            }
        } finally {
            parsing = false;
        }
        if (!closed) {
            input.keep();
        }
        command.forget();
        if (inputEnded && mayParse()) {
            end("");
        }
        updateReading();
        flushSoon();
    }

    private boolean mayParse() {
        return !ending
                && !closed
                && !waiting
                && !noMemory
                && !tooMuchUnconfirmed
                && (outbox.size() < OUTBOX_BYTES_MAX || outflow.takesOutbox());
    }

    /** While the session ends, what still comes is read and dropped: unread bytes would make the close a reset. */
    private void updateReading() {
        boolean wanted = !closed && (ending || mayParse());
        if (wanted != reading) {
            reading = wanted;
            wire.reading(wanted);
        }
    }

    /** Takes one message or command; answers whether there may be another. */
    private boolean step() {
        switch (input.next()) {
            case MESSAGE -> {
                if (traffic == null) {
                    end("a message before the handshake was over");
                } else {
                    traffic.onMessage(input.found());
                    environment.trim();
                }
                return true;
            }
            case COMMAND -> {
                onCommand(input.found());
                return true;
            }
            case NO_MEMORY -> {
                noMemory = true;
                return false;
            }
            case MALFORMED -> {
                end(input.problem());
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    private void onCommand(MessageDecoder from) {
        if (!command.read(from.bytes(), from.start(0), from.length(0))) {
            if (channel == null) { // one that was sealed is passed over
                end("a command without a name");
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
                end("a PING has a time to live and a context of at most 16 bytes");
            }
            flushSoon();
        } else if (command.is(Command.SUBSCRIBE) || command.is(Command.CANCEL)) {
            if (traffic != null) {
                boolean wanted = command.is(Command.SUBSCRIBE);
                traffic.onSubscription(command.bytes(), command.dataStart(), command.dataLength(), wanted);
            }
        } else if (command.is(Command.ERROR)) {
            tell("peer ended", command.errorReason());
            end("");
        } else if (!command.is(Command.PONG)) {
            end("unknown command");
        }
    }

    /** The handshake went on: it may be over, either way. */
    private void afterHandshakeStep() {
        if (handshake.state() == Handshake.State.FAILED) {
            if (!handshake.failure().isEmpty()) {
                tell("handshake refused", handshake.failure());
            }
            end("");
        } else if (handshake.state() == Handshake.State.DONE && traffic == null) {
            start();
        }
    }

    private void start() {
        Peer peer = handshake.peer();
        pulse.onGreeted(peer.knowsCommands());
        Curve curve = handshake.channel();
        int messageBytesMax = environment.sessions.messageBytesMax();
        if (curve == null) {
            input.messageBytesMax(messageBytesMax);
        } else {
            channel = new SecureChannel(curve, outbox.size(), messageBytesMax, environment.assembly);
            input.secure(channel, messageBytesMax);
        }
        Traffic busy = work.apply(this, peer);
        traffic = busy;
        waiting = true;
        EndpointTopic.ensure(environment.broker, topic)
                .compose((Topic there) -> closed ? Future.succeededFuture() : busy.begin(there))
                .onComplete(result -> {
                    waiting = false;
                    if (result.failed()) {
                        end(EndpointTopic.problem(result.cause()));
                    }
                    proceed();
                    flush();
                });
    }

    // --- output

    /** Where answers go; they are written in the end of the turn. */
    ByteWriter outbox() {
        pulse.onOutput();
        return outbox;
    }

    /** What waits in it. */
    int outboxBytes() {
        return outbox.size();
    }

    /** Something is in the outbox or to be encoded. */
    void flushSoon() {
        if (traffic != null) {
            traffic.link.markDirty();
        } else {
            flush();
        }
    }

    /** Writes what there is, as far as the socket takes it. */
    void flush() {
        if (closed) {
            return;
        }
        outflow.write(traffic, channel, pulse, ending);
        if (ending && outflow.isEmpty() && !wire.isFull()) {
            wire.close();
        } else if (!reading && mayParse()) {
            proceed();
        }
    }

    /** Whether the next flush writes all that is in the outbox. */
    boolean takesNow() {
        return outflow.takesNow();
    }

    /** What is written in slices. */
    LargeOutput large() {
        return outflow.large;
    }

    /** Whether a message is written in slices: it is large, and no secure channel has to seal its frames as a whole. */
    boolean isWrittenInSlices(int messageBytes) {
        return channel == null && Wire.isLarge(messageBytes);
    }

    /** Whether a message waits: behind a large one, or until there is more memory for output. */
    boolean hasToWait(int messageBytes, int sliceBytes) {
        return outflow.large.isUnderWay()
                || !isWrittenInSlices(messageBytes) && Wire.hasToWait(messageBytes, sliceBytes);
    }

    /** Parses nothing more, tells the peer {@code reason} if there is one, and closes. Idempotent. */
    void end(String reason) {
        if (closed || ending) {
            return;
        }
        if (!reason.isEmpty()) {
            tell("connection ended", reason);
            if (handshake.knowsCommands()) {
                Frames.putError(outbox, reason);
            }
        }
        ending = true;
        input.close();
        closeByMs = environment.time.monotonicMs() + CLOSING_MS_MAX;
        updateReading();
        flushSoon();
    }

    private void tell(String event, String reason) {
        environment.log.tell(event, reason, environment.time.monotonicMs());
    }

    // --- from the broker

    /** Who it is, once its handshake is over. */
    SessionInfo info() {
        return new SessionInfo(
                role.listener(),
                wire.peer(),
                handshake.peer().name(),
                handshake.identity().user());
    }

    /** Whether what the broker brings is of use still. */
    boolean isOpen() {
        return !closed && !ending;
    }

    /** Too much of what the peer sent waits for the broker, or no longer. */
    void onBackPressure(boolean pauseReading) {
        tooMuchUnconfirmed = pauseReading;
        if (pauseReading) {
            updateReading();
        } else {
            proceed();
        }
    }
}
