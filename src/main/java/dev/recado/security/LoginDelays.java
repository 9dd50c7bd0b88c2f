package dev.recado.security;

import dev.recado.base.TimeSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down whoever tries passwords: the pair of an address and a user. After {@link #FREE} failures each further try
 * of the pair waits its turn, twice as long each time, up to {@link #DELAY_MS_MAX}; a try whose turn would come later
 * than that is refused. Others do not wait: neither that user from elsewhere, nor others from there. The table has
 * {@link #PAIRS_MAX} pairs; where it is full, the one whose last failure is longest ago goes. Safe for use by any
 * thread.
 */
public final class LoginDelays {

    /** Failures that cost nothing: people mistype. */
    public static final int FREE = 3;

    /** The longest wait: shorter than the time in which a peer has to log in. */
    public static final long DELAY_MS_MAX = 5_000;

    /** A pair without a failure for so long is forgotten. */
    public static final long FORGOTTEN_MS = 600_000;

    public static final int PAIRS_MAX = 10_000;

    private static final long DELAY_MS = 250;

    private final TimeSource time;
    /** The one that failed longest ago first. */
    private final Map<Pair, State> pairs = new LinkedHashMap<>();

    private record Pair(String address, String user) {}

    private static final class State {
        private int failures;
        private long failedMs;
        /** When the next try may be judged. */
        private long nextMs;
    }

    public LoginDelays(TimeSource time) {
        this.time = time;
    }

    /** How long the next try has to wait, which takes its turn; negative where it is refused. */
    public synchronized long takeTurn(String address, String user) {
        State state = pairs.get(new Pair(address, user));
        long nowMs = time.monotonicMs();
        if (state == null || state.failures < FREE) {
            return 0;
        }
        if (nowMs - state.failedMs >= FORGOTTEN_MS) {
            pairs.remove(new Pair(address, user));
            return 0;
        }
        long turnMs = Math.max(nowMs, state.nextMs);
        if (turnMs - nowMs > DELAY_MS_MAX) {
            return -1;
        }
        state.nextMs = turnMs + delayMs(state.failures);
        return turnMs - nowMs;
    }

    private static long delayMs(int failures) {
        int doublings = Math.min(failures - FREE, 10);
        return Math.min(DELAY_MS_MAX, DELAY_MS << doublings);
    }

    /** A try has failed. */
    public synchronized void onFailed(String address, String user) {
        Pair pair = new Pair(address, user);
        State state = pairs.remove(pair);
        if (state == null) {
            state = new State();
            if (pairs.size() >= PAIRS_MAX) {
                Iterator<Pair> oldest = pairs.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
        long nowMs = time.monotonicMs();
        state.failures++;
        state.failedMs = nowMs;
        if (state.failures >= FREE) {
            state.nextMs = Math.max(state.nextMs, nowMs + delayMs(state.failures));
        }
        pairs.put(pair, state);
    }

    /** A try has succeeded: the pair is as any. */
    public synchronized void onSucceeded(String address, String user) {
        pairs.remove(new Pair(address, user));
    }

    synchronized int pairs() {
        return pairs.size();
    }
}
