package dev.recado.bench;

/**
 * What happened in one stretch of the run; counts are of that stretch, latencies in microseconds.
 *
 * @param fromMs since the begin of the run
 * @param behindMs how far the most delayed send was behind its time
 */
public record Interval(long fromMs, long lengthMs, Counts counts, Span confirm, Span deliver, double behindMs) {

    /** Messages of one stretch. */
    public record Counts(long sent, long confirmed, long delivered) {
        private Counts and(Counts next) {
            return new Counts(sent + next.sent, confirmed + next.confirmed, delivered + next.delivered);
        }
    }

    /** A latency within one stretch. */
    public record Span(double p50Us, double p99Us, double maxUs) {
        private Span worse(Span other) {
            return new Span(Math.max(p50Us, other.p50Us), Math.max(p99Us, other.p99Us), Math.max(maxUs, other.maxUs));
        }
    }

    /**
     * This stretch and the one after it as one. A percentile of both is at most the larger one, which stands for it.
     */
    public Interval and(Interval next) {
        return new Interval(
                fromMs,
                lengthMs + next.lengthMs,
                counts.and(next.counts),
                confirm.worse(next.confirm),
                deliver.worse(next.deliver),
                Math.max(behindMs, next.behindMs));
    }
}
