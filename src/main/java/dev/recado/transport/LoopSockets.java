package dev.recado.transport;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The {@link SocketBuffers} of each event loop, shared by the listeners of all protocols. Safe for any thread. */
public final class LoopSockets {

    private final ConcurrentMap<EventLoop, SocketBuffers> loops = new ConcurrentHashMap<>();
    private final long outputBytesMax;

    /** {@code outputBytesMax} is what the sockets of one loop may hold. */
    public LoopSockets(long outputBytesMax) {
        this.outputBytesMax = outputBytesMax;
    }

    /** Those of the loop that {@code context} runs on. */
    public SocketBuffers of(Context context) {
        EventLoop loop = ((ContextInternal) context).nettyEventLoop();
        return loops.computeIfAbsent(loop, unused -> new SocketBuffers(outputBytesMax));
    }
}
