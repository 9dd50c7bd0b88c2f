package dev.recado.apps.messaging.clock;

/** The wall clock of this machine and what was added to it. It steps; what needs an order has Lamport's clock. */
public final class CorrectedClock {

    /** A clock is moved no further, 139 years: what it shows fits everywhere where a time fits. */
    public static final long CORRECTION_MS_MAX = 1L << 42;

    private final long skewMs;
    private long correctionMs;

    /** A clock that is wrong by {@code skewMs} from the start, for trials. */
    public CorrectedClock(long skewMs) {
        this.skewMs = skewMs;
    }

    /** What this clock shows while the machine's shows {@code wallMs}, in milliseconds since 1970. */
    public long at(long wallMs) {
        return wallMs + skewMs + correctionMs;
    }

    /** Moves it by that many milliseconds, or to the end of what it can be moved. */
    public void adjust(long deltaMs) {
        correctionMs = within(correctionMs + within(deltaMs));
    }

    private static long within(long ms) {
        return Math.max(-CORRECTION_MS_MAX, Math.min(CORRECTION_MS_MAX, ms));
    }

    /** All that was added. */
    public long correctionMs() {
        return correctionMs;
    }
}
