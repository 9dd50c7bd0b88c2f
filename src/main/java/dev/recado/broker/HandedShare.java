package dev.recado.broker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the groups of one loop have handed to members and these have not written to their sockets, in bytes: so much is
 * kept in memory for them. A large message waits for room, which is the whole node's, and whoever holds some meanwhile
 * has to be taking it ({@link Member#isInTheWay}). Small ones never wait here; of them a member gets less where the
 * loop's part is used up. Owned by its loop.
 */
final class HandedShare {

    /** Above this a message is large. */
    static final int LARGE_BYTES = 64 * 1024;

    private static final long BYTES_OF_MEMBER_TIGHT = 64L * 1024;

    private final long bytesMax;
    private final Large large;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private long bytes;

    /** What all loops have handed out of large messages; one goes beyond the bound, whatever its size. */
    static final class Large {
        private final long bytesMax;
        private final AtomicLong bytes = new AtomicLong();

        Large(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        private boolean tryTake(int length) {
            long now = bytes.get();
            while (now == 0 || now + length <= bytesMax) {
                if (bytes.compareAndSet(now, now + length)) {
                    return true;
                }
                now = bytes.get();
            }
            return false;
        }
    }

    /** {@code bytesMax} is the loop's part for small messages, {@code large} what all loops share for large ones. */
    HandedShare(long bytesMax, Large large) {
        this.bytesMax = bytesMax;
        this.large = large;
    }

    /**
     * Whether a message of {@code length} may be handed out now: then {@link #add} or {@link #handBack} follows. Else
     * {@code onRoom} runs, once, when it may.
     */
    boolean mayHand(int length, Runnable onRoom) {
        if (length <= LARGE_BYTES || large.tryTake(length)) {
            return true;
        }
        waiting.add(onRoom);
        return false;
    }

    /** A message for which {@link #mayHand} has answered true went to nobody. */
    void handBack(int length) {
        if (length > LARGE_BYTES) {
            large.bytes.addAndGet(-length);
        }
    }

    /** How much a member may hold, where it is {@code usual} while there is room. */
    long ofMember(long usual) {
        return bytes > bytesMax ? Math.min(usual, BYTES_OF_MEMBER_TIGHT) : usual;
    }

    void add(long more) {
        bytes += more;
    }

    /** {@code largeFewer} of {@code fewer} bytes were of large messages. */
    void remove(long fewer, long largeFewer) {
        bytes -= fewer;
        if (largeFewer > 0) {
            large.bytes.addAndGet(-largeFewer);
            wakeAll();
        }
    }

    /** Other loops may have made room. */
    void onTick() {
        if (!waiting.isEmpty() && large.bytes.get() < large.bytesMax) {
            wakeAll();
        }
    }

    private void wakeAll() {
        if (!waiting.isEmpty()) {
            List<Runnable> woken = List.copyOf(waiting);
            waiting.clear();
            woken.forEach(Runnable::run);
        }
    }

    /** Whether a large message waits. */
    boolean isWanted() {
        return !waiting.isEmpty();
    }

    void forget(Runnable onRoom) {
        waiting.remove(onRoom);
    }

    long bytes() {
        return bytes;
    }
}
