package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.AssemblyWatch;
import dev.recado.transport.Conversations;
import dev.recado.transport.Decoded;
import dev.recado.transport.SessionFrame;
import dev.recado.transport.Wire;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ProtocolHeader;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerMethods;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One AMQP connection: its header, its handshake, then the frames of its channels. What answers methods goes out first,
 * then confirmations, then deliveries, consumers in turn. Owned by its event loop.
 */
final class AmqpSession extends SessionFrame implements MessageOutlet {

    /** Answers that wait for a client that does not read before its own methods are no longer performed. */
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private static final int OUT_BYTES_KEPT = 1024;

    final AmqpEnvironment environment;
    final Conversations conversations;
    final CommandReader reader;
    /** Answers, in the order in which they go out. */
    final ByteWriter out = new ByteWriter(64);
    /** Who has something to write. */
    private final ArrayDeque<MessageSource> ready = new ArrayDeque<>(1);

    private int returnsWaiting;
    /** Channels with publishes that are to be confirmed. */
    private final ArrayDeque<AmqpChannel> confirming = new ArrayDeque<>(1);

    private final ConnectionCommands commands;
    final Channels channels;
    private final AssemblyWatch assembly;
    private boolean headerRead;

    AmqpSession(AmqpEnvironment environment, Wire wire) {
        super(
                wire,
                environment.scratch(),
                environment.time(),
                environment.memory().large());
        this.environment = environment;
        long nowMs = environment.time().monotonicMs();
        conversations = new Conversations(this);
        channels = new Channels(this);
        reader = new CommandReader(
                environment.settings().sessions().messageBytesMax(),
                environment.assembly(),
                this::onRoom,
                channels::refuses);
        commands = new ConnectionCommands(this, nowMs);
        assembly = new AssemblyWatch(nowMs);
    }

    ConnectionCommands connection() {
        return commands;
    }

    List<String> clientNames() {
        return wire.clientNames();
    }

    String peer() {
        return wire.peer();
    }

    // --- input

    @Override
    protected void feed(byte[] bytes, int from, int length) {
        commands.pulse().onBytes(environment.time().monotonicMs());
        assembly.onBytes(length);
        reader.feed(bytes, from, length);
    }

    @Override
    protected void keep() {
        reader.keep();
    }

    @Override
    protected void closeInput() {
        reader.close();
    }

    @Override
    protected boolean takesMore() {
        return returnsWaiting == 0 && (out.size() < ANSWER_BYTES_MAX || isTaken());
    }

    @Override
    protected Decoded next() {
        if (!headerRead) {
            Decoded header = reader.header();
            headerRead = header == Decoded.COMMAND;
            if (headerRead) {
                commands.begin();
                return reader.next();
            }
            return header;
        }
        return reader.next();
    }

    @Override
    protected void perform(Decoded what) {
        int channel = reader.channel();
        if (what == Decoded.TOO_LONG) {
            channels.refuse(channel, AmqpError.precondition(reader.problem(), MethodId.BASIC_PUBLISH));
        } else if (channel == 0) {
            commands.perform(reader.bytes(), reader.from(), reader.length());
        } else if (commands.isRunning()) {
            channels.perform(channel, reader.bytes(), reader.from(), reader.length());
        } else if (!commands.isClosing()) {
            fail(AmqpError.of(ReplyCode.CHANNEL_ERROR, "a channel before the connection is open", null));
        }
        trim();
    }

    /** Nothing that follows can be read, so that the client's agreement to the end is not waited for. */
    @Override
    protected void onMalformed() {
        if (!headerRead) {
            ProtocolHeader.put(out);
        } else {
            boolean ofContent = reader.code() == ReplyCode.UNEXPECTED_FRAME;
            fail(AmqpError.of(reader.code(), reader.problem(), ofContent ? MethodId.BASIC_PUBLISH : null));
        }
        leave();
    }

    // --- output

    @Override
    public void ready(MessageSource source) {
        ready.add(source);
    }

    @Override
    public void notReady(MessageSource source) {
        ready.remove(source);
    }

    @Override
    public void returnsWait(int more) {
        returnsWaiting += more;
    }

    /** Publishes of {@code channel} can be confirmed. */
    void confirming(AmqpChannel channel) {
        confirming.add(channel);
    }

    @Override
    protected void encode(ByteWriter into, int bytesMax) {
        for (AmqpChannel channel = confirming.poll(); channel != null; channel = confirming.poll()) {
            channel.tellConfirms();
        }
        into.put(out.array(), 0, out.size());
        out.clear(OUT_BYTES_KEPT);
        if (isOpen()) {
            for (int i = ready.size(); i > 0 && into.size() < bytesMax && !large().isUnderWay(); i--) {
                MessageSource next = ready.remove();
                next.encode(into, bytesMax);
                if (next.isWaiting()) {
                    ready.add(next);
                }
            }
        }
        if (into.size() > 0) {
            commands.pulse().onOutput(environment.time().monotonicMs());
        }
    }

    @Override
    protected void flushSoon() {
        if (!channels.markDirty() && (out.size() > 0 || life() == Life.ENDING)) {
            wire.soon();
        }
    }

    /** Runs {@code task} in another turn, if the connection is there by then. */
    void later(Runnable task) {
        wire.execute(task);
    }

    // --- times and the end

    @Override
    protected void checkTimes(long nowMs) {
        if (!isReading()) {
            assembly.onNotReading(nowMs);
            reader.onNotReading(nowMs);
        } else if (assembly.isTooSlow(nowMs, reader.input()) || reader.isTooSlow(nowMs)) {
            fail(AmqpError.of(ReplyCode.RESOURCE_ERROR, AssemblyWatch.RULE, null));
            return;
        }
        commands.onTick();
        if (commands.isLate(nowMs)) {
            end(CLOSING_MS_MAX);
            flushSoon();
        } else if (commands.pulse().isDead(isReading(), nowMs)) {
            wire.abort();
        } else if (commands.pulse().isDue(nowMs)) {
            AmqpFrames.putHeartbeat(out);
            flushSoon();
        }
    }

    /** The connection ends: the client is told why, and heard until it has agreed. */
    void fail(AmqpError error) {
        if (!isOpen() || commands.isClosing()) {
            return;
        }
        tell(error.code().number(), error.code().number() + " " + error.text());
        if (commands.isGreeted()) {
            ServerMethods.putClose(out, 0, error.code(), error.text(), error.culprit());
            commands.closing();
            channels.closeAll();
        } else {
            end(CLOSING_MS_MAX);
        }
        flushSoon();
    }

    /** Has the log of operations say why this connection ends; code is what its client is told, or 0. */
    void tell(int code, String reason) {
        long nowMs = environment.time().monotonicMs();
        environment.log().tell("connection closed", code, reason + " peer=" + wire.peer(), nowMs);
    }

    /** It ends once what is owed is written. */
    void leave() {
        channels.closeAll();
        end(CLOSING_MS_MAX);
        flushSoon();
    }

    /** A client that sends nothing more has gone, whatever it still reads. */
    @Override
    protected void onAllRead() {
        commands.onAllRead();
    }

    @Override
    public void drain() {
        fail(AmqpError.of(
                ReplyCode.CONNECTION_FORCED, "broker forced connection closure with reason 'shutdown'", null));
        super.drain();
    }

    @Override
    protected boolean owesNothing() {
        return out.size() == 0 && confirming.isEmpty();
    }

    @Override
    protected void release() {
        channels.closeAll();
        commands.close();
    }

    @Override
    public int frameBytesMax() {
        return commands.frameBytesMax();
    }
}
