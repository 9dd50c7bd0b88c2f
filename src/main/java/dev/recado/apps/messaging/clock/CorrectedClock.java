package dev.recado.apps.messaging.clock;

/** The wall clock of this machine and what was added to it. It steps; what needs an order has Lamport's clock. */
public final class CorrectedClock {

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

    /** Moves it by that many milliseconds. */
    public void adjust(long deltaMs) {
        correctionMs += deltaMs;
    }

    /** All that was added. */
    public long correctionMs() {
        return correctionMs;
    }
}
