package dev.recado.transport;

import dev.recado.base.ByteWriter;
import dev.recado.tls.TlsHello;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.vertx.core.Context;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Wire} over a socket that Vert.x accepted. Owned by the socket's loop.
 *
 * <p>It takes the place of Vert.x's own handler in the channel's pipeline: that one keeps a queue of 4.7 KiB for writes
 * from other threads, which here there are none. What Netty read is copied once into an array that all sessions of the
 * loop share, and output once into a pooled buffer, so that neither a read nor a write costs garbage of its size.
 */
public final class SocketWire extends ChannelInboundHandlerAdapter implements Wire {

    private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);

    /** What was read before a session stops reading is kept by it, outside every budget: so a read is small. */
    private static final int READ_BYTES_MAX = 16 * 1024;

    private static final AdaptiveRecvByteBufAllocator READS =
            new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES_MAX);

    /** How {@link NetSocketInternal#channelHandlerContext} names the handler at the end of its pipeline. */
    static final String VERTX_HANDLER = "handler";

    /** Output goes to Netty, and so out of the heap, in pieces of that size as the socket drains. */
    private static final int PIECE_BYTES_MAX = 256 * 1024;

    private static final int TIGHT_SLICE_BYTES = 16 * 1024;
    /** How long a client that takes no piece may hold output while others wait for memory. */
    static final int STALLED_TICKS_MAX = 50;

    private static final byte[] NOTHING = {};

    private final Channel channel;
    private final Context loop;
    private final SocketBuffers buffers;
    private final Consumer<Throwable> onFailure;
    private final Consumer<SocketWire> onGone;
    private List<String> clientNames = List.of();
    private @Nullable WireSession session;
    /** Asked before the first bytes are read. Null behind them. */
    private @Nullable BooleanSupplier onTlsHello;
    /** What came in spite of the pause: the end of a read, at most. */
    private byte[] early = NOTHING;

    /** Output that Netty was not given yet, from {@code restAt} on. */
    private byte[] rest = NOTHING;

    private int restAt;
    private long sentBytes;
    private int writesUnderWay;
    /** Of {@link #rest} and of the writes under way. */
    private long owedBytes;

    private long idleTicks;
    private boolean closing;
    private boolean gone;
    private boolean reading = true;
    private boolean soon;
    private boolean inputEnded;
    private long closeByTick = Long.MAX_VALUE;

    /**
     * {@code onFailure} hears of a failure before it ends this session, and does not return where it has touched more;
     * {@code onGone} is called once, when the socket is closed.
     */
    SocketWire(
            NetSocket socket,
            Context loop,
            SocketBuffers buffers,
            Consumer<Throwable> onFailure,
            Consumer<SocketWire> onGone) {
        this.onFailure = onFailure;
        this.channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        this.loop = loop;
        this.buffers = buffers;
        this.onGone = onGone;
    }

    /** Before the socket is read, by whomever: small reads. */
    void prepare() {
        channel.config().setRecvByteBufAllocator(READS);
    }

    Channel channel() {
        return channel;
    }

    /** Takes the socket over and opens the session; the socket of a session that does not open is closed. */
    void start(Function<Wire, ? extends WireSession> opening) {
        start(opening, () -> false);
    }

    /**
     * As before; {@code onHello} is asked where the first bytes that reach the session begin a TLS handshake, and
     * answers whether that was dealt with.
     */
    void start(Function<Wire, ? extends WireSession> opening, BooleanSupplier onHello) {
        onTlsHello = onHello;
        ChannelConfig config = channel.config();
        prepare();
        // A client that shuts down its side after its last command still gets the answers.
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().replace(VERTX_HANDLER, "session", this);
        try {
            session = opening.apply(this);
        } catch (Throwable bug) {
            onFailure.accept(bug);
            LOG.error("session did not start", bug);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof ByteBuf bytes) {
                onRead(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            onRoom();
        }
    }

    /** The socket, or the loop's budget, has room again. */
    void onRoom() {
        // Not from within the write that made room.
        loop.runOnContext(unused -> goOnWriting());
    }

    private void goOnWriting() {
        if (gone) {
            return;
        }
        writeRest();
        if (rest.length == 0) {
            guarded(WireSession::onWritable);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            tellEndOfInput();
        } else if (event instanceof SslCloseCompletionEvent) {
            // Who ends TLS sends nothing more, as who shuts down its side of the socket.
            inputEnded = true;
            tellEndOfInput();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        boolean peers = failure instanceof IOException
                || failure instanceof DecoderException && failure.getCause() instanceof IOException;
        if (!peers) {
            onFailure.accept(failure);
            LOG.error("session failed outside its calls", failure);
        }
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
    }

    /** The event overtakes bytes that wait behind a pause, so it is told once they were read. */
    private void tellEndOfInput() {
        loop.runOnContext(unused -> {
            if (reading && early.length == 0) {
                guarded(WireSession::onEndOfInput);
            }
        });
    }

    private void onRead(ByteBuf bytes) {
        int length = bytes.readableBytes();
        BooleanSupplier first = onTlsHello;
        if (first != null && length > 0) {
            onTlsHello = null;
            if (TlsHello.begins(bytes) && first.getAsBoolean()) {
                return;
            }
        }
        if (reading && early.length == 0) {
            byte[] input = buffers.input(length);
            bytes.readBytes(input, 0, length);
            guarded(target -> target.onBytes(input, 0, length));
        } else {
            int kept = early.length;
            early = Arrays.copyOf(early, kept + length);
            bytes.readBytes(early, kept, length);
        }
    }

    /** Goes on reading, first what came too early. */
    private void resume() {
        if (!reading || gone) {
            return;
        }
        byte[] first = early;
        if (first.length > 0) {
            early = NOTHING;
            guarded(target -> target.onBytes(first, 0, first.length));
        }
        channel.config().setAutoRead(reading);
        if (inputEnded) {
            tellEndOfInput();
        }
    }

    /** A failure in a session is our bug: it ends that session, and no other. */
    private void guarded(Consumer<WireSession> call) {
        WireSession target = session;
        if (target == null || gone) {
            return;
        }
        try {
            call.accept(target);
        } catch (Throwable bug) {
            onFailure.accept(bug);
            LOG.error("session failed", bug);
            channel.close();
        }
    }

    void drain() {
        guarded(WireSession::drain);
    }

    /** {@code tick} counts up, ten times a second or so. */
    void onTick(long tick, long closingTicksMax) {
        guarded(WireSession::onTick);
        idleTicks = owedBytes > 0 && buffers.output().isTight() ? idleTicks + 1 : 0;
        if (idleTicks > STALLED_TICKS_MAX) {
            LOG.warn("session closed: takes no output while there is too much of it bytes={}", owedBytes);
            abort();
        }
        if (closing && closeByTick == Long.MAX_VALUE) {
            closeByTick = tick + closingTicksMax;
        } else if (tick >= closeByTick) {
            abort();
        }
    }

    private void gone() {
        guarded(WireSession::onClosed);
        if (!gone) {
            gone = true;
            forget(rest.length - restAt);
            rest = NOTHING;
            restAt = 0;
            buffers.output().endWait(this);
            onGone.accept(this);
        }
    }

    @Override
    public void write(ByteWriter out) {
        int size = out.size();
        int first = size <= PIECE_BYTES_MAX ? size : channel.isWritable() ? PIECE_BYTES_MAX : 0;
        owedBytes += size;
        buffers.output().add(size);
        sentBytes += size;
        if (gone) {
            forget(size - first);
        } else if (first < size) {
            // Before anything is sent: the session may hear of that at once, and is not to take it for all.
            rest = Arrays.copyOfRange(out.array(), first, size);
        }
        if (first > 0) {
            send(out.array(), 0, first, sentBytes - (size - first));
        }
        writeRest();
    }

    private void writeRest() {
        while (restAt < rest.length && channel.isWritable()) {
            int piece = Math.min(PIECE_BYTES_MAX, rest.length - restAt);
            int from = restAt;
            restAt += piece;
            send(rest, from, piece, sentBytes - (rest.length - restAt));
        }
        if (restAt == rest.length) {
            rest = NOTHING;
            restAt = 0;
        }
    }

    /** Gives Netty a copy; without memory for it this session ends, and no other. */
    private void send(byte[] bytes, int from, int length, long position) {
        ByteBuf copy;
        try {
            copy = channel.alloc().directBuffer(length);
        } catch (OutOfMemoryError e) {
            onFailure.accept(e);
            LOG.error("session closed: no memory for its output bytes={}", length);
            forget(length);
            channel.close();
            return;
        }
        writesUnderWay++;
        channel.writeAndFlush(copy.writeBytes(bytes, from, length))
                .addListener(result -> onWrote(result, length, position));
    }

    private void forget(long bytes) {
        owedBytes -= bytes;
        buffers.output().remove(bytes);
    }

    private void onWrote(Future<?> result, int length, long position) {
        writesUnderWay--;
        idleTicks = 0;
        forget(length);
        if (!result.isSuccess()) {
            channel.close();
            return;
        }
        guarded(target -> target.onWritten(position));
        if (closing && writesUnderWay == 0 && restAt == rest.length) {
            channel.close();
        } else if (owedBytes == 0 && buffers.output().endWait(this)) {
            // It waited for its own output: no other event tells that this is gone.
            onRoom();
        }
    }

    @Override
    public boolean isFull() {
        return isBlocked() || owedBytes > 0 && buffers.output().isUsedUpFor(this);
    }

    @Override
    public boolean isBlocked() {
        return rest.length > 0 || !channel.isWritable();
    }

    /** A client that takes what it is given goes on, in small slices, though others use the budget up. */
    @Override
    public int sliceBytes() {
        return buffers.output().isUsedUpFor(this) ? TIGHT_SLICE_BYTES : SLICE_BYTES;
    }

    @Override
    public void soon() {
        if (!soon) {
            soon = true;
            loop.runOnContext(unused -> {
                soon = false;
                goOnWriting();
            });
        }
    }

    @Override
    public void execute(Runnable task) {
        loop.runOnContext(unused -> guarded(session -> task.run()));
    }

    @Override
    public @Nullable TcpFigures tcpFigures() {
        return TcpFigures.of(channel);
    }

    @Override
    public List<String> clientNames() {
        return clientNames;
    }

    /** Before the session begins. */
    void clientNames(List<String> names) {
        clientNames = names;
    }

    @Override
    public String peer() {
        if (!(channel.remoteAddress() instanceof InetSocketAddress there) || there.isUnresolved()) {
            return "";
        }
        String host = there.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + there.getPort();
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        if (on) {
            // Not from within the session's own call.
            loop.runOnContext(unused -> resume());
        } else {
            channel.config().setAutoRead(false);
        }
    }

    /** Past what a TLS in the pipeline would say first: a client that reads nothing would hold that up. */
    @Override
    public void abort() {
        channel.pipeline().firstContext().close();
    }

    @Override
    public void close() {
        closing = true;
        if (writesUnderWay == 0 && rest.length == 0) {
            channel.close();
        }
    }
}
