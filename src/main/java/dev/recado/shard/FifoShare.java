package dev.recado.shard;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of heap that the whole node may hold for one purpose (what is read from segments, dead letters under way),
 * given in the order of asking before anything is allocated. Who waits, waits for those who hold some to be done with
 * it, or to do without it while others wait ({@link #isWanted}). Safe for any thread.
 */
public final class FifoShare {

    private final long bytesMax;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private volatile boolean wanted;
    private volatile long bytes;

    private record Request(long bytes, Runnable granted) {}

    /** {@code bytesMax} bytes in all; what is larger goes alone. */
    public FifoShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Runs {@code granted} once there is room for so much, at the latest when nobody holds anything. */
    public void take(long more, Runnable granted) {
        synchronized (this) {
            if (!tryTake(more)) {
                waiting.add(new Request(more, granted));
                wanted = true;
                return;
            }
        }
        granted.run();
    }

    /** Takes so much where there is room and nobody waits. */
    synchronized boolean tryTake(long more) {
        boolean taken = waiting.isEmpty() && hasRoom(more);
        bytes += taken ? more : 0;
        return taken;
    }

    /** So much is held no longer: who waits first goes on, on this thread. */
    public void giveBack(long fewer) {
        synchronized (this) {
            bytes -= fewer;
        }
        Request next = poll();
        while (next != null) {
            next.granted().run();
            next = poll();
        }
    }

    private synchronized @Nullable Request poll() {
        Request next = waiting.peek();
        if (next == null || !hasRoom(next.bytes())) {
            return null;
        }
        waiting.remove();
        wanted = !waiting.isEmpty();
        bytes += next.bytes();
        return next;
    }

    private boolean hasRoom(long more) {
        return bytes == 0 || bytes + more <= bytesMax;
    }

    /** Whether somebody waits. */
    public boolean isWanted() {
        return wanted;
    }

    public long bytes() {
        return bytes;
    }

    public long bytesMax() {
        return bytesMax;
    }
}
