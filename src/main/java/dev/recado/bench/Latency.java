package dev.recado.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The distribution of one latency, in microseconds.
 *
 * @param points the percentile curve, denser toward its end
 */
public record Latency(long count, double meanUs, Percentiles percentiles, double maxUs, List<Point> points) {

    /** So much took half of them, nine of ten, and so on, at most. */
    public record Percentiles(double p50Us, double p90Us, double p99Us, double p999Us, double p9999Us) {}

    /** So much of a hundred took at most so long. */
    public record Point(double percentile, double valueUs) {}

    private static final int TICKS_PER_HALF = 5;
    private static final double NANOS_A_US = 1e3;

    static Latency of(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF)) {
            if (histogram.getTotalCount() > 0) {
                points.add(new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / NANOS_A_US));
            }
        }
        return new Latency(
                histogram.getTotalCount(),
                histogram.getTotalCount() == 0 ? 0 : histogram.getMean() / NANOS_A_US,
                new Latency.Percentiles(
                        at(histogram, 50),
                        at(histogram, 90),
                        at(histogram, 99),
                        at(histogram, 99.9),
                        at(histogram, 99.99)),
                histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue() / NANOS_A_US,
                List.copyOf(points));
    }

    static double at(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / NANOS_A_US;
    }
}
