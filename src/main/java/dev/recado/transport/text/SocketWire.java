package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Wire} over a Vert.x socket. Owned by the socket's loop.
 *
 * <p>Bytes pass Vert.x's own buffers by: what Netty read is copied once into an array that all sessions of the loop
 * share, and output once into a pooled buffer, so that neither a read nor a write costs garbage of its size.
 */
final class SocketWire implements Wire {

    private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);

    /** What was read before a session stops reading is kept by it, outside every budget: so a read is small. */
    private static final int READ_BYTES_MAX = 16 * 1024;

    private static final byte[] NOTHING = {};

    private final NetSocketInternal socket;
    private final Channel channel;
    private final Context loop;
    private final LoopBuffers buffers;
    private final Consumer<SocketWire> onGone;
    private @Nullable TextSession session;
    /** What came in spite of the pause: the end of a read, at most. */
    private byte[] early = NOTHING;

    private long sentBytes;
    private int writesUnderWay;
    private boolean closing;
    private boolean gone;
    private boolean reading = true;
    private boolean inputEnded;
    private long closeByTick = Long.MAX_VALUE;

    /** {@code onGone} is called once, when the socket is closed. */
    SocketWire(NetSocket socket, Context loop, LoopBuffers buffers, Consumer<SocketWire> onGone) {
        this.socket = (NetSocketInternal) socket;
        this.channel = this.socket.channelHandlerContext().channel();
        this.loop = loop;
        this.buffers = buffers;
        this.onGone = onGone;
    }

    /** Starts the session. */
    void start(TextEnvironment environment) {
        socket.closeHandler(unused -> gone());
        socket.exceptionHandler(failure -> socket.close());
        session = new TextSession(environment, this);
        socket.drainHandler(unused -> guarded(TextSession::onWritable));
        socket.messageHandler(this::onMessage);
        ChannelConfig config = channel.config();
        config.setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES_MAX));
        // A client that shuts down its side after its last command still gets the answers.
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        socket.eventHandler(event -> {
            if (event instanceof ChannelInputShutdownEvent) {
                inputEnded = true;
                tellEndOfInput();
            }
        });
    }

    /** The event overtakes bytes that wait behind a pause, so it is told once they were read. */
    private void tellEndOfInput() {
        loop.runOnContext(unused -> {
            if (reading) {
                guarded(TextSession::onEndOfInput);
            }
        });
    }

    private void onMessage(Object message) {
        try {
            if (message instanceof ByteBuf bytes) {
                onRead(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onRead(ByteBuf bytes) {
        int length = bytes.readableBytes();
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
    private void guarded(Consumer<TextSession> call) {
        TextSession target = session;
        if (target == null || gone) {
            return;
        }
        try {
            call.accept(target);
        } catch (RuntimeException | AssertionError bug) {
            LOG.error("text session failed", bug);
            socket.close();
        }
    }

    void drain() {
        guarded(TextSession::drain);
    }

    /** {@code tick} counts up, ten times a second or so. */
    void onTick(long tick, long closingTicksMax) {
        guarded(TextSession::onTick);
        if (closing && closeByTick == Long.MAX_VALUE) {
            closeByTick = tick + closingTicksMax;
        } else if (tick >= closeByTick) {
            socket.close();
        }
    }

    private void gone() {
        guarded(TextSession::onClosed);
        if (!gone) {
            gone = true;
            onGone.accept(this);
        }
    }

    @Override
    public void write(ByteWriter out) {
        sentBytes += out.size();
        long position = sentBytes;
        writesUnderWay++;
        ByteBuf bytes = channel.alloc().directBuffer(out.size()).writeBytes(out.array(), 0, out.size());
        socket.writeMessage(bytes).onComplete(result -> onWrote(result, position));
    }

    private void onWrote(AsyncResult<Void> result, long position) {
        writesUnderWay--;
        if (result.succeeded()) {
            guarded(target -> target.onWritten(position));
        }
        if (closing && writesUnderWay == 0) {
            socket.close();
        }
    }

    @Override
    public boolean isFull() {
        return socket.writeQueueFull();
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

    @Override
    public void close() {
        closing = true;
        if (writesUnderWay == 0) {
            socket.close();
        }
    }
}
