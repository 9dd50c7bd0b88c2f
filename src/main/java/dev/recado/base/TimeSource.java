package dev.recado.base;

/** Port to time: real in production, virtual in tests and simulations. */
public interface TimeSource {

    /** Milliseconds since the epoch, for people and for publish times; may jump. */
    long wallMs();

    /** Milliseconds from an arbitrary origin, never decreasing, for deadlines. */
    long monotonicMs();

    /** The same in nanoseconds, as fine as it is known. */
    default long monotonicNanos() {
        return monotonicMs() * 1_000_000;
    }

    /** The machine's clocks. */
    static TimeSource system() {
        return new TimeSource() {
            @Override
            public long wallMs() {
                return System.currentTimeMillis();
            }

            @Override
            public long monotonicMs() {
                return System.nanoTime() / 1_000_000;
            }

            @Override
            public long monotonicNanos() {
                return System.nanoTime();
            }
        };
    }
}
