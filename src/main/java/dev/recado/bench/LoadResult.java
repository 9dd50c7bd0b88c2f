package dev.recado.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load run found. Rates and latencies are of the time behind the warm-up, counts of the whole run.
 *
 * @param startedAtMs since 1970
 * @param verdicts of each group or tap; empty where nothing was verified
 * @param broker what the broker says of itself at the end; empty where it did not answer
 */
public record LoadResult(
        LoadPlan plan,
        long startedAtMs,
        Measured measured,
        List<Verdict> verdicts,
        Generator generator,
        Map<String, String> broker,
        Ending ending) {

    /** What was counted and timed. */
    public record Measured(Counts counts, Rates rates, Latency confirm, Latency deliver, List<Interval> intervals) {}

    /**
     * How it ended.
     *
     * @param failure why before its time, or null
     * @param unreachable whether the broker could not be reached
     */
    public record Ending(@Nullable String failure, boolean unreachable) {}

    /**
     * Messages of the whole run.
     *
     * @param delivered all deliveries, {@code fresh} those that a group got for the first time
     */
    public record Counts(long sent, Answers answers, long delivered, long fresh, long lostConnections) {}

    /**
     * What became of what was sent.
     *
     * @param unknown messages whose answer was lost with a connection and that were not sent again
     * @param refusal the broker's words for the first refused message
     */
    public record Answers(
            long confirmed,
            long refused,
            long unknown,
            @Nullable String refusal) {}

    /** Seconds of sending behind the warm-up, and messages a second until the last confirmation and delivery. */
    public record Rates(double seconds, double sent, double confirmed, double delivered) {}

    /**
     * The load generator's own limits.
     *
     * @param behindMaxMs the longest that a message of an open loop left after its time
     * @param behindEndMs the same at the end of sending
     * @param blockedShare part of the time in which publishers could not write, 0 to 1
     * @param cpuCores that this process kept busy
     */
    public record Generator(double behindMaxMs, double behindEndMs, double blockedShare, double cpuCores) {}

    /** Whether the verifier ran. */
    public boolean isVerified() {
        return plan.safety().verify();
    }

    /** All groups together. */
    public Verdict verdict() {
        return verdicts.stream().reduce(Verdict.NONE, Verdict::and);
    }

    /** Whether the run came to its end and nothing wrong was found. A tap may miss messages: nobody promised it any. */
    public boolean isGood() {
        Verdict all = verdict();
        boolean clean = plan.consuming().tap()
                ? all.faults().duplicates() == 0
                        && all.faults().again() == 0
                        && all.faults().disordered() == 0
                        && all.faults().phantoms() == 0
                : all.isClean();
        return ending.failure == null && clean;
    }

    /** Deliveries that are owed for confirmed messages, or for sent ones where none are confirmed, over all groups. */
    public long missing() {
        boolean answers = plan.isConfirmed();
        return Math.max(
                0,
                (answers ? measured.counts.answers.confirmed : measured.counts.sent)
                                * plan.consuming().copies()
                        - measured.counts.fresh);
    }
}
