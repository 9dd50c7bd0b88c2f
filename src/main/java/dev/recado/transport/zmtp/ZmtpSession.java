package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.Decoded;
import dev.recado.transport.Pauses;
import dev.recado.transport.SessionFrame;
import dev.recado.transport.Wire;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One connection of ZMTP: greeting, handshake, then what its role does with messages. Input waits besides while much is
 * in the outbox of a peer that does not read. Owned by its event loop.
 */
final class ZmtpSession extends SessionFrame {

    private final ZmtpEnvironment environment;
    private final BiFunction<ZmtpSession, Peer, Traffic> work;
    final PeerCommands commands;
    private final PeerInput input;
    final PeerPulse pulse;
    final PeerOutbox outbox;
    private @Nullable SecureChannel channel;
    private @Nullable Traffic traffic;

    /** {@code work} makes what it does with the topic of its listener, once its peer is greeted. */
    ZmtpSession(ZmtpEnvironment environment, Wire wire, Role role, BiFunction<ZmtpSession, Peer, Traffic> work) {
        super(wire, environment.scratch, environment.time, environment.large);
        this.work = work;
        this.environment = environment;
        input = new PeerInput(environment);
        pulse = new PeerPulse(
                wire,
                environment.settings.heartbeatMs(),
                environment.sessions.handshakeTimeoutMs(),
                environment.time.monotonicMs());
        outbox = new PeerOutbox(wire, large(), pulse);
        commands = new PeerCommands(this, environment, role);
        flush();
    }

    // --- input

    /** The greeting is no frame and is taken as it comes. */
    @Override
    protected void feed(byte[] bytes, int from, int length) {
        pulse.onBytes(length, environment.time.monotonicMs());
        int greeted = commands.onGreeting(bytes, from, length);
        if (isOpen() && greeted < length) {
            input.feed(bytes, from + greeted, length - greeted);
        }
    }

    @Override
    protected void keep() {
        input.keep();
        commands.forget();
    }

    @Override
    protected void closeInput() {
        input.close();
    }

    @Override
    protected boolean takesMore() {
        return outbox.takesMore();
    }

    @Override
    protected Decoded next() {
        return input.next();
    }

    @Override
    protected void perform(Decoded what) {
        if (what == Decoded.COMMAND) {
            commands.onCommand(input.found());
        } else if (traffic == null) {
            end("a message before the handshake was over");
        } else {
            traffic.onMessage(input.found());
            trim();
        }
    }

    @Override
    protected void onMalformed() {
        end(input.problem());
    }

    /** The handshake is over: it works from now on, once it has its place in the broker. */
    void begin(Peer peer, @Nullable Curve curve) {
        int messageBytesMax = environment.sessions.messageBytesMax();
        if (curve == null) {
            input.messageBytesMax(messageBytesMax);
        } else {
            channel = new SecureChannel(curve, outbox.bytes.size(), messageBytesMax, environment.assembly);
            input.secure(channel, messageBytesMax);
            large().wholeOnly();
        }
        Traffic busy = work.apply(this, peer);
        traffic = busy;
        pause(Pauses.Reason.ANSWER);
        busy.start(environment.topic).onComplete(result -> {
            lift(Pauses.Reason.ANSWER);
            if (result.failed()) {
                end(EndpointTopic.problem(result.cause()));
            }
            proceed();
            flush();
        });
    }

    /** What it does, once its handshake is over. */
    @Nullable
    Traffic traffic() {
        return traffic;
    }

    // --- output

    @Override
    protected void flushSoon() {
        if (traffic != null) {
            traffic.link.markDirty();
        } else {
            flush();
        }
    }

    @Override
    protected void encode(ByteWriter out, int bytesMax) {
        if (!outbox.moveTo(out, bytesMax)) {
            return;
        }
        int answersEnd = out.size();
        if (traffic != null && isOpen()) {
            traffic.encode(out, bytesMax);
        }
        if (out.size() > answersEnd || large().isUnderWay()) {
            pulse.onOutput();
        }
    }

    @Override
    protected ByteWriter sealed(ByteWriter out) {
        return channel == null ? out : channel.seal(out, environment.freshSealed());
    }

    @Override
    protected void seal(long position) {
        super.seal(position);
        pulse.seal(position);
        if (traffic != null) {
            traffic.seal(position);
        }
    }

    @Override
    protected void settle(long position) {
        super.settle(position);
        pulse.onWritten(position);
        if (traffic != null) {
            traffic.onWritten(position);
        }
    }

    @Override
    protected void trim() {
        environment.trim();
    }

    // --- times and the end

    @Override
    protected void checkTimes(long nowMs) {
        String complaint = pulse.complaint(isReading() || commands.isLoggingIn(), nowMs, input.assembling());
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
        } else if (pulse.putPing(isReading(), nowMs, outbox.bytes)) {
            flush();
        }
    }

    /** A ZeroMQ socket that has sent everything reads no longer either. */
    @Override
    protected void onAllRead() {
        end("");
    }

    @Override
    public void drain() {
        super.drain();
        flush();
    }

    /** Parses nothing more, tells the peer {@code reason} if there is one, and closes. Idempotent. */
    void end(String reason) {
        if (!isOpen()) {
            return;
        }
        if (!reason.isEmpty()) {
            tell("connection ended", reason);
            commands.putError(reason);
        }
        end(CLOSING_MS_MAX);
        flushSoon();
    }

    @Override
    protected boolean owesNothing() {
        return outbox.bytes.size() == 0 && !wire.isFull();
    }

    @Override
    protected void release() {
        commands.close();
        if (traffic != null) {
            traffic.close();
        }
    }

    void tell(String event, String reason) {
        environment.log.tell(event, reason, environment.time.monotonicMs());
    }

    /** Address at the other end. */
    String address() {
        return wire.peer();
    }
}
