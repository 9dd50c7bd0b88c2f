package dev.recado.apps.coffee.node;

/**
 * A clock that goes only while its owner listens: it stands still between connections, and while the process is
 * stopped, the machine sleeps or its clock is set. What has waited for so long on this clock was not held up by its
 * owner. One owner moves it on, any thread may read it.
 */
public final class HeardTime {

    /** More than a turn of one who listens takes. */
    static final long TURN_MS_MAX = 1_000;

    private volatile long heardMs;
    private long lookedMs;

    /** It goes on from now, a monotonic time; to be called where listening begins. */
    public void begin(long nowMs) {
        lookedMs = nowMs;
    }

    /** What it shows; to be called each turn. */
    public long look(long nowMs) {
        long shown = heardMs + Math.min(TURN_MS_MAX, Math.max(0, nowMs - lookedMs));
        heardMs = shown;
        lookedMs = nowMs;
        return shown;
    }

    /** What it showed when it was looked at last. */
    public long heardMs() {
        return heardMs;
    }
}
