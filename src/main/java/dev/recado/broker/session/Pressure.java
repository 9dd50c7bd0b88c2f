package dev.recado.broker.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What all sessions of one loop have published and not had answered, in bytes: above the bound their sockets are
 * paused, below half of it they read on. Owned by its loop.
 *
 * <p>What sessions that wait have waiting for room is counted apart, under a bound of the same size that holds only
 * their like: a full topic must not stop those whose publishes would be refused, nor the consumers that make room.
 */
public final class Pressure {

    private final long bytesMax;
    private final Set<Unanswered> paused = new LinkedHashSet<>();
    private final Set<Unanswered> crowdedOut = new LinkedHashSet<>();
    private long bytes;
    private long parkedBytes;

    public Pressure(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Counts {@code more} bytes of {@code session}; answers whether it has to stop reading. */
    boolean add(long more, Unanswered session) {
        bytes += more;
        if (bytes > bytesMax) {
            paused.add(session);
            return true;
        }
        return false;
    }

    /** Whether {@code session} has to wait for others; it is told when it need not any longer. */
    boolean holds(Unanswered session) {
        if (bytes <= bytesMax / 2 || paused.isEmpty()) {
            return false;
        }
        paused.add(session);
        return true;
    }

    long bytes() {
        return bytes;
    }

    void remove(long fewer) {
        bytes -= fewer;
        if (!paused.isEmpty() && bytes <= bytesMax / 2) {
            relieve(paused);
        }
    }

    /**
     * Bytes of a session that waits, waiting for room, from now on or (negative) no longer; answers whether that fills
     * the bound, so that others of its kind have to be told.
     */
    boolean park(long more) {
        boolean wasFull = parkedBytes > bytesMax;
        parkedBytes += more;
        if (!crowdedOut.isEmpty() && parkedBytes <= bytesMax / 2) {
            relieve(crowdedOut);
        }
        return !wasFull && parkedBytes > bytesMax;
    }

    /** Of sessions that wait. */
    long parkedBytes() {
        return parkedBytes;
    }

    /** As {@link #holds} for what sessions that wait have waiting for room. */
    boolean crowdsOut(Unanswered session) {
        if (parkedBytes <= bytesMax / 2 || parkedBytes <= bytesMax && crowdedOut.isEmpty()) {
            return false;
        }
        crowdedOut.add(session);
        return true;
    }

    private static void relieve(Set<Unanswered> sessions) {
        List<Unanswered> relieved = List.copyOf(sessions);
        sessions.clear();
        relieved.forEach(Unanswered::resumeIfRelieved);
    }

    void forget(Unanswered session) {
        paused.remove(session);
        crowdedOut.remove(session);
    }
}
