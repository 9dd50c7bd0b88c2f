package dev.recado.shard;

import dev.recado.base.SharedArrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the groups of one loop have handed to members and these have not written to their sockets, in bytes: so much is
 * kept in memory for them. A large message waits for room, which is the whole node's, and whoever holds some meanwhile
 * has to be taking it ({@link Member#isInTheWay}). Small ones never wait here; of them a member gets less where the
 * loop's part is used up. Owned by its loop.
 */
public final class HandedShare {

    /** Messages above that are lent and counted one by one. */
    public static final int LARGE_MESSAGE_BYTES = 64 * 1024;

    private static final long BYTES_OF_MEMBER_TIGHT = 64L * 1024;

    private final long bytesMax;
    private final Large large;
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private boolean wanting;
    private long bytes;

    /**
     * What all loops have handed out of large messages; one goes beyond the bound, whatever its size. An array that
     * several members were handed counts once. Safe for any thread.
     */
    public static final class Large {
        private final long bytesMax;
        private final SharedArrays arrays = new SharedArrays();
        /** Loops on which somebody waits. */
        private final AtomicInteger wanting = new AtomicInteger();

        public Large(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        private synchronized boolean tryTake(byte[] array) {
            long more = arrays.added(array);
            if (more > 0 && arrays.bytes() > 0 && arrays.bytes() + more > bytesMax) {
                return false;
            }
            arrays.hold(array);
            return true;
        }

        private synchronized void letGo(byte[] array) {
            arrays.letGo(array);
        }

        private synchronized long bytes() {
            return arrays.bytes();
        }

        private synchronized boolean hasRoom() {
            return arrays.bytes() < bytesMax;
        }
    }

    /** {@code bytesMax} is the loop's part for small messages, {@code large} what all loops share for large ones. */
    HandedShare(long bytesMax, Large large) {
        this.bytesMax = bytesMax;
        this.large = large;
    }

    /**
     * Whether a message of {@code length} in {@code array} may be handed out now: then {@link #add} or {@link
     * #handBack} follows. Else {@code onRoom} runs, once, when it may.
     */
    boolean mayHand(byte[] array, int length, Runnable onRoom) {
        if (!isLarge(length) || large.tryTake(array)) {
            return true;
        }
        waiting.add(onRoom);
        want(true);
        return false;
    }

    /** Whether the array that holds a message of {@code length} is counted, and not the message. */
    static boolean isLarge(int length) {
        return length > LARGE_MESSAGE_BYTES;
    }

    /** A message for which {@link #mayHand} has answered true went to nobody. */
    void handBack(byte[] array, int length) {
        if (isLarge(length)) {
            large.letGo(array);
        }
    }

    /** How much a member may hold, where it is {@code usual} while there is room. */
    long ofMember(long usual) {
        return bytes > bytesMax ? Math.min(usual, BYTES_OF_MEMBER_TIGHT) : usual;
    }

    void add(long more) {
        bytes += more;
    }

    void remove(long fewer) {
        bytes -= fewer;
    }

    /** A large message that {@link #mayHand} let out is held no longer by one who held it. */
    void letGo(byte[] array) {
        large.letGo(array);
        wakeAll();
    }

    /**
     * Other loops may have made room. Who is woken may wait again: until the next call, this loop wants what it wanted.
     */
    public void onTick() {
        want(!waiting.isEmpty());
        if (!waiting.isEmpty() && large.hasRoom()) {
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

    private void want(boolean now) {
        if (wanting != now) {
            wanting = now;
            large.wanting.addAndGet(now ? 1 : -1);
        }
    }

    /** Whether a large message waits, on whatever loop. */
    boolean isWanted() {
        return large.wanting.get() > 0;
    }

    boolean isWaiting(Runnable onRoom) {
        return waiting.contains(onRoom);
    }

    void forget(Runnable onRoom) {
        waiting.remove(onRoom);
    }

    /** Of small messages, on this loop. */
    public long bytes() {
        return bytes;
    }

    public long largeBytesMax() {
        return large.bytesMax;
    }

    /** Of large messages, on all loops. Any thread. */
    public long largeBytes() {
        return large.bytes();
    }
}
