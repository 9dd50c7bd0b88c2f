package dev.recado.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** A connection without a network: the real {@link SocketWire} over Netty's embedded channel. */
public final class EmbeddedSocket {

    private static final long OUTPUT_BYTES_MAX = 1 << 20;

    final EmbeddedChannel channel = new EmbeddedChannel();
    final SocketWire wire;

    /** {@code loop} runs what the wire leaves for another turn; {@code onGone} is called when the socket is closed. */
    EmbeddedSocket(SocketBuffers buffers, Executor loop, Consumer<Throwable> onFailure, Runnable onGone) {
        channel.pipeline().addLast("handler", new ChannelInboundHandlerAdapter());
        ChannelHandlerContext handler = channel.pipeline().context("handler");
        NetSocket socket = (NetSocket) proxy(NetSocketInternal.class, arguments -> handler);
        Context context = (Context) proxy(Context.class, arguments -> {
            Handler<?> task = (Handler<?>) arguments[0];
            loop.execute(() -> task.handle(null));
            return handler;
        });
        wire = new SocketWire(socket, context, buffers, onFailure, unused -> onGone.run());
    }

    private static Object proxy(Class<?> type, Function<Object[], Object> answer) {
        return Proxy.newProxyInstance(
                EmbeddedSocket.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.apply(arguments));
    }

    /** A connection to {@code session}; {@code onWrite} is called when bytes are handed to the socket. */
    public static EmbeddedSocket open(
            Function<Wire, WireSession> session, Executor loop, Consumer<Throwable> onFailure, Runnable onWrite) {
        EmbeddedSocket socket = new EmbeddedSocket(new SocketBuffers(OUTPUT_BYTES_MAX), loop, onFailure, () -> {});
        socket.channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object bytes, ChannelPromise written) {
                onWrite.run();
                context.write(bytes, written);
            }
        });
        socket.wire.start(session);
        return socket;
    }

    /** The socket has read {@code text}. */
    public void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    /** What the other end got since this was asked last. */
    public String sent() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
            text.append(each.toString(StandardCharsets.UTF_8));
            each.release();
        }
        return text.toString();
    }
}
