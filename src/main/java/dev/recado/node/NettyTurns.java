package dev.recado.node;

import dev.recado.base.LoopTurns;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The turns of one of Netty's event loops. It ends with the broker only, and then takes nothing more: other threads may
 * still be at work for it.
 */
final class NettyTurns implements LoopTurns, LoopWatch.Watched {

    private final EventLoop loop;
    private final Thread thread;

    /** Made on the loop. */
    NettyTurns(EventLoop loop) {
        this.loop = loop;
        this.thread = Thread.currentThread();
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException refused) {
            unlessEnding(refused);
        }
    }

    /** Netty runs tasks until it has none, for up to a second, before it looks at its sockets again. */
    @Override
    public void executeBehindSockets(Runnable task) {
        if (loop instanceof SingleThreadIoEventLoop turning) {
            turning.executeAfterEventLoopIteration(() -> execute(task));
        } else {
            execute(task);
        }
    }

    @Override
    public void after(long ms, Runnable task) {
        try {
            loop.schedule(task, ms, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException refused) {
            unlessEnding(refused);
        }
    }

    private void unlessEnding(RejectedExecutionException refused) {
        if (!loop.isShuttingDown()) {
            throw refused;
        }
    }

    @Override
    public Timer every(long ms, Runnable task) {
        try {
            Future<?> timer = loop.scheduleWithFixedDelay(task, ms, ms, TimeUnit.MILLISECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException refused) {
            unlessEnding(refused);
            return () -> {};
        }
    }

    @Override
    public void ping(Runnable pong) {
        execute(pong);
    }

    @Override
    public StackTraceElement[] stack() {
        return thread.getStackTrace();
    }
}
