package dev.recado.transport;

import dev.recado.base.ByteGauge;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The {@link SocketBuffers} of each event loop, shared by the listeners of all protocols. Safe for any thread. */
public final class LoopSockets {

    private final ConcurrentMap<EventLoop, SocketBuffers> loops = new ConcurrentHashMap<>();
    private final long outputBytesMax;
    private final ByteGauge large;

    /** {@code outputBytesMax} is what the sockets of one loop may hold. */
    public LoopSockets(long outputBytesMax) {
        this(outputBytesMax, ByteGauge.NONE);
    }

    /** {@code large} is told of the heap that large output of all sessions holds; see {@link LargeOutput}. */
    public LoopSockets(long outputBytesMax, ByteGauge large) {
        this.outputBytesMax = outputBytesMax;
        this.large = large;
    }

    /** Told of the heap that large output of all sessions holds. */
    public ByteGauge large() {
        return large;
    }

    /** Those of the loop that {@code context} runs on. */
    public SocketBuffers of(Context context) {
        EventLoop loop = ((ContextInternal) context).nettyEventLoop();
        return loops.computeIfAbsent(loop, unused -> new SocketBuffers(outputBytesMax));
    }
}
