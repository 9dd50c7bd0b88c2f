package dev.recado.apps.messaging.clock;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One round of Berkeley's algorithm, led by one clock. Each answer tells how far that clock is from the leader's, half
 * of the round trip being taken for the way back. The mean leaves out the outliers, and every clock, outliers too, is
 * told the difference to the mean. The error of one difference is at most half of its round trip.
 */
public final class BerkeleyRound {

    private final String leader;
    private final long outlierMs;
    private final Map<String, Long> aheadMs = new TreeMap<>();
    private long roundTripMsMax;

    /**
     * A round with the leader's own clock in it.
     *
     * @param outlierMs a clock that is further from the median does not count
     */
    public BerkeleyRound(String leader, long outlierMs) {
        this.leader = leader;
        this.outlierMs = outlierMs;
        aheadMs.put(leader, 0L);
    }

    /**
     * The answer of one clock.
     *
     * @param sentMs the leader's clock when it asked
     * @param receivedMs the leader's clock when the answer came
     * @param theirsMs what the other clock showed between the two
     */
    public void onAnswer(String name, long sentMs, long receivedMs, long theirsMs) {
        long roundTripMs = Math.max(0, receivedMs - sentMs);
        roundTripMsMax = Math.max(roundTripMsMax, roundTripMs);
        aheadMs.put(name, theirsMs + roundTripMs / 2 - receivedMs);
    }

    /** How far each clock, the leader's too, has to be moved, in milliseconds. */
    public Map<String, Long> corrections() {
        long mean = mean();
        Map<String, Long> corrections = new LinkedHashMap<>();
        aheadMs.forEach((name, ahead) -> corrections.put(name, mean - ahead));
        return corrections;
    }

    private long mean() {
        long[] sorted =
                aheadMs.values().stream().mapToLong(Long::longValue).sorted().toArray();
        long median = sorted[(sorted.length - 1) / 2];
        long sum = 0;
        int count = 0;
        for (long ahead : sorted) {
            if (Math.abs(ahead - median) <= outlierMs) {
                sum += ahead;
                count++;
            }
        }
        return Math.round((double) sum / count);
    }

    /** How many clocks answered besides the leader's. */
    public int answers() {
        return aheadMs.size() - 1;
    }

    /** The distance between the clocks that are furthest apart. */
    public long spreadMs() {
        long max = aheadMs.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long min = aheadMs.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return max - min;
    }

    public long roundTripMsMax() {
        return roundTripMsMax;
    }

    public String leader() {
        return leader;
    }
}
