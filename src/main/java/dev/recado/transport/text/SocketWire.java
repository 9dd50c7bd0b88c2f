package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Wire} over a Vert.x socket. Owned by the socket's loop. */
final class SocketWire implements Wire {

    private static final Logger LOG = LoggerFactory.getLogger(SocketWire.class);

    private static final int READ_BYTES_MAX = 16 * 1024;

    private final NetSocket socket;
    private final Context loop;
    private final Consumer<SocketWire> onGone;
    private @Nullable TextSession session;
    private long sentBytes;
    private int writesUnderWay;
    private boolean closing;
    private boolean gone;
    private boolean reading = true;
    private boolean inputEnded;
    private long closeByTick = Long.MAX_VALUE;

    /** {@code onGone} is called once, when the socket is closed. */
    SocketWire(NetSocket socket, Context loop, Consumer<SocketWire> onGone) {
        this.socket = socket;
        this.loop = loop;
        this.onGone = onGone;
    }

    /** Starts the session. */
    void start(TextEnvironment environment) {
        socket.closeHandler(unused -> gone());
        socket.exceptionHandler(failure -> socket.close());
        session = new TextSession(environment, this);
        socket.drainHandler(unused -> guarded(TextSession::onWritable));
        socket.handler(buffer -> guarded(target -> read(target, buffer)));
        if (socket instanceof NetSocketInternal inner) {
            ChannelConfig channel = inner.channelHandlerContext().channel().config();
            // What was read before the session stops reading is kept by it, outside every budget.
            channel.setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES_MAX));
            // A client that shuts down its side after its last command still gets the answers.
            channel.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            inner.eventHandler(event -> {
                if (event instanceof ChannelInputShutdownEvent) {
                    inputEnded = true;
                    tellEndOfInput();
                }
            });
        }
    }

    /** The event overtakes bytes that wait behind a pause, so it is told once they were read. */
    private void tellEndOfInput() {
        loop.runOnContext(unused -> {
            if (reading) {
                guarded(TextSession::onEndOfInput);
            }
        });
    }

    private static void read(TextSession target, Buffer buffer) {
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        if (bytes.hasArray()) {
            target.onBytes(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes());
        } else {
            target.onBytes(buffer.getBytes(), 0, buffer.length());
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
        socket.write(BufferInternal.buffer(Unpooled.wrappedBuffer(out.toByteArray())))
                .onComplete(result -> onWrote(result, position));
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
            socket.resume();
            if (inputEnded) {
                tellEndOfInput();
            }
        } else {
            socket.pause();
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
