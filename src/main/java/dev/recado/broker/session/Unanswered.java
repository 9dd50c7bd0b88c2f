package dev.recado.broker.session;

import dev.recado.broker.Patience;

/**
 * What one session has published and not had answered, in bytes, and whether its socket may be read: not while that is
 * above the session's bound or, with all others of the loop, above the loop's; and, of a session that waits
 * ({@link Patience#WAIT}), not while a publish of it waits for room. Owned by the session's loop.
 */
final class Unanswered {

    private final OpenLink link;
    private final Pressure pressure;
    private final long bytesMax;
    /** On their way, those that wait for room not counted. */
    private long bytes;

    private long parkedBytes;
    /** Of the outcome that follows: bytes that the loop's bound does not count, because they were lent. */
    private long lentBytes;

    private boolean paused;
    /** Whether the session consumes as well. */
    private boolean consumes;

    Unanswered(OpenLink link, Pressure pressure, long bytesMax) {
        this.link = link;
        this.pressure = pressure;
        this.bytesMax = bytesMax;
    }

    /** Whether its socket is not to be read. */
    boolean isPaused() {
        return paused;
    }

    boolean anyParked() {
        return parkedBytes > 0;
    }

    void add(long more) {
        bytes += more;
        boolean tooMuch = pressure.add(more, this) || bytes > bytesMax;
        if (tooMuch || isCrowdedOut()) {
            pause();
        }
    }

    /** As {@link #add} for a message for which memory was lent before it came: the loop's bound is for others. */
    void addLent(long more) {
        bytes += more;
        if (bytes > bytesMax || isCrowdedOut()) {
            pause();
        }
    }

    void onLoanEnded(long ended) {
        lentBytes += ended;
    }

    private long unlent(long all) {
        long counted = all - lentBytes;
        lentBytes = 0;
        return counted;
    }

    /**
     * A session that waits is not read from its first byte on while others' waiting bytes fill the loop's bound; until
     * it consumes: then it may be the one that makes room, and what it has to say for that must be read.
     */
    void pauseIfCrowded() {
        if (isCrowdedOut()) {
            pause();
        }
    }

    private boolean isCrowdedOut() {
        return link.waits() && !consumes && pressure.crowdsOut(this);
    }

    /** The session takes messages of others from now on. */
    void consumes() {
        if (!consumes) {
            consumes = true;
            resumeIfRelieved();
        }
    }

    private void pause() {
        if (!paused) {
            paused = true;
            link.onBackPressure(true);
        }
    }

    void remove(long fewer) {
        bytes -= fewer;
        pressure.remove(unlent(fewer));
        resumeIfRelieved();
    }

    /** {@code more} bytes wait for room from now on, or (negative) no longer do. */
    void park(long more) {
        parkedBytes += more;
        bytes -= more;
        if (more > 0) {
            pressure.remove(unlent(more));
        } else {
            pressure.add(-more, this);
        }
        if (link.waits()) {
            boolean crowded = pressure.park(more);
            if (parkedBytes > 0) {
                pause();
            }
            if (crowded) {
                link.loop().pauseWhoWaits();
            }
        }
        resumeIfRelieved();
    }

    void resumeIfRelieved() {
        if (paused
                && bytes <= bytesMax / 2
                && !(link.waits() && parkedBytes > 0)
                && !pressure.holds(this)
                && !isCrowdedOut()) {
            paused = false;
            link.onBackPressure(false);
        }
    }

    void forget() {
        pressure.forget(this);
    }
}
