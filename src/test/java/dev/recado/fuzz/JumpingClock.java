package dev.recado.fuzz;

import dev.recado.base.TimeSource;
import java.util.Random;

/** The machine's clocks, the wall clock put elsewhere now and then: by up to a year, often back to where it was. */
public final class JumpingClock implements TimeSource {

    /** One of so many looks finds it elsewhere. */
    private static final int LOOKS = 2_000;

    private static final int DAYS_MAX = 365;
    private static final long DAY_MS = 24L * 3_600_000;

    private final TimeSource system = TimeSource.system();
    private final Random random;
    private long wrongMs;

    public JumpingClock(long seed) {
        random = new Random(seed);
    }

    @Override
    public synchronized long wallMs() {
        if (random.nextInt(LOOKS) == 0) {
            wrongMs = random.nextBoolean() ? 0 : (random.nextInt(2 * DAYS_MAX) - DAYS_MAX) * DAY_MS;
        }
        return system.wallMs() + wrongMs;
    }

    @Override
    public long monotonicMs() {
        return system.monotonicMs();
    }
}
