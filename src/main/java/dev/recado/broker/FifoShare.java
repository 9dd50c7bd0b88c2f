package dev.recado.broker;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What readers of segments hold of what was read for them, in bytes, for the whole node: room is asked for before the
 * read, for the largest that it may bring, in the order of asking, and is given back with what was brought. Who waits
 * waits for readers that have something to hand out, or go without what they hold while others wait ({@link
 * #isWanted}). Safe for any thread.
 */
final class ColdShare {

    private final long bytesMax;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private volatile boolean wanted;
    private volatile long bytes;

    private record Request(long bytes, Runnable granted) {}

    /** {@code bytesMax} bytes in all; what is larger goes alone. */
    ColdShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Runs {@code granted} once there is room for so much, at the latest when nobody holds anything. */
    void take(long more, Runnable granted) {
        synchronized (this) {
            if (!waiting.isEmpty() || !hasRoom(more)) {
                waiting.add(new Request(more, granted));
                wanted = true;
                return;
            }
            bytes += more;
        }
        granted.run();
    }

    /** So much is held no longer: who waits first goes on, on this thread. */
    void giveBack(long fewer) {
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
    boolean isWanted() {
        return wanted;
    }

    long bytes() {
        return bytes;
    }

    long bytesMax() {
        return bytesMax;
    }
}
