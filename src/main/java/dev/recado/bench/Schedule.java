package dev.recado.bench;

/**
 * When each message of an open loop is to be sent, whatever the broker does: message {@code k} of publisher {@code p}
 * is message {@code k × publishers + p} of all, and those are spaced evenly. Latency is measured from these times, so
 * that a stalled broker is charged for everything it held up. Immutable and pure.
 */
public final class Schedule {

    private static final double NANOS_A_SECOND = 1e9;

    private final long startNanos;
    private final double ratePerSecond;
    private final int publishers;

    public Schedule(long startNanos, double ratePerSecond, int publishers) {
        this.startNanos = startNanos;
        this.ratePerSecond = ratePerSecond;
        this.publishers = publishers;
    }

    /** The time at which a message is to be sent. */
    public long intendedNanos(int publisher, long sequence) {
        return startNanos + (long) ((sequence * publishers + publisher) * (NANOS_A_SECOND / ratePerSecond));
    }

    /** How many messages of a publisher are to be sent by {@code nowNanos}. */
    public long dueCount(int publisher, long nowNanos) {
        if (nowNanos < intendedNanos(publisher, 0)) {
            return 0;
        }
        long due = Math.max(
                0, (long) ((nowNanos - startNanos) * (ratePerSecond / NANOS_A_SECOND) - publisher) / publishers);
        // The estimate may be off by one where the division rounds.
        while (intendedNanos(publisher, due) <= nowNanos) {
            due++;
        }
        return due;
    }

    /** The share of {@code total} messages that falls to a publisher. */
    public static long shareOf(long total, int publisher, int publishers) {
        return total / publishers + (publisher < total % publishers ? 1 : 0);
    }
}
