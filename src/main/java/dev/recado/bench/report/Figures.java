package dev.recado.bench.report;

import dev.recado.base.Plural;
import dev.recado.bench.Latency;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadResult;
import dev.recado.bench.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The sentences and numbers that the text and the HTML report share. */
final class Figures {

    private static final double US_A_MS = 1e3;
    private static final double US_A_SECOND = 1e6;

    /** From here on a generator that is late tells more about itself than about the broker. */
    private static final double BEHIND_MS_TOLD = 10;

    private Figures() {}

    /** What was asked for, in a sentence. */
    static String asked(LoadPlan plan) {
        LoadPlan.Publishing publishing = plan.publishing();
        String loop = publishing.isOpenLoop()
                ? "open loop, " + rate(publishing.ratePerSecond()) + " msg/s"
                : "closed loop, window " + count(plan.unconfirmedMax());
        if (!publishing.isOpenLoop() && plan.unconfirmedMax() == Long.MAX_VALUE) {
            loop = "closed loop, no window";
        }
        LoadPlan.Consuming consuming = plan.consuming();
        return plural(publishing.publishers(), "publisher") + ", "
                + (consuming.consumers() == 0 ? "no consumers" : readers(plan)) + ", " + where(plan) + ", "
                + publishing.sizeBytes() + " B, " + loop;
    }

    private static String readers(LoadPlan plan) {
        LoadPlan.Consuming consuming = plan.consuming();
        if (consuming.tap()) {
            return plural(consuming.consumers(), "tap");
        }
        String consumers = plural(consuming.consumers(), "consumer");
        return plan.topics().isNamed() ? plural(consuming.groups(), "group") + " of " + consumers : consumers;
    }

    private static String where(LoadPlan plan) {
        LoadPlan.Topics topics = plan.topics();
        return topics.isNamed()
                ? plural(topics.count(), "topic") + " (" + topics.kind() + ", " + topics.durability() + ")"
                : plan.setup().transport() + " (" + plan.setup().endpoints().publishers() + " to "
                        + plan.setup().endpoints().consumers() + ")";
    }

    /** What a reader must know to take the numbers for what they are. */
    static List<String> remarks(LoadResult result) {
        List<String> remarks = new ArrayList<>();
        LoadResult.Counts counts = result.measured().counts();
        if (result.ending().failure() != null) {
            remarks.add("ended before its time: " + result.ending().failure());
        }
        if (result.measured().rates().seconds() == 0) {
            remarks.add("ended within the warm-up: nothing measured");
        }
        LoadResult.Generator generator = result.generator();
        if (result.plan().publishing().isOpenLoop()) {
            remarks.add(behind(generator));
        }
        if (counts.answers().refused() > 0) {
            remarks.add(plural(counts.answers().refused(), "message") + " refused, the first with: "
                    + counts.answers().refusal());
        }
        if (counts.answers().unknown() > 0) {
            remarks.add(
                    plural(counts.answers().unknown(), "message") + " without an answer: whether stored is unknown");
        }
        if (counts.lostConnections() > 0) {
            remarks.add(plural(counts.lostConnections(), "connection") + " lost");
        }
        if (!result.isVerified() && result.missing() > 0) {
            remarks.add(count(result.missing()) + (result.missing() == 1 ? " delivery" : " deliveries")
                    + " missing at the end; --verify tells more");
        }
        if (result.isVerified()
                && result.plan().consuming().tap()
                && result.verdict().faults().lost() > 0) {
            remarks.add("a tap misses what it cannot take in time: that is no fault");
        }
        return remarks;
    }

    private static String behind(LoadResult.Generator generator) {
        if (generator.behindMaxMs() < BEHIND_MS_TOLD) {
            return String.format(Locale.ROOT, "on schedule, at most %.2f ms late", generator.behindMaxMs());
        }
        return String.format(
                Locale.ROOT,
                "behind schedule by up to %.0f ms, %.0f ms at the end; sockets full %.0f %% of the time",
                generator.behindMaxMs(),
                generator.behindEndMs(),
                100 * generator.blockedShare());
    }

    /** The verdict in a line. */
    static String verdict(Verdict verdict) {
        return "received " + count(verdict.received()) + ", lost "
                + count(verdict.faults().lost()) + ", stored twice "
                + count(verdict.faults().duplicates()) + ", delivered twice "
                + count(verdict.faults().again()) + ", out of order "
                + count(verdict.faults().disordered()) + ", phantoms "
                + count(verdict.faults().phantoms()) + "; redelivered " + count(verdict.redelivered())
                + (verdict.foreign() > 0 ? ", foreign " + count(verdict.foreign()) : "");
    }

    /** The columns of a latency, as texts with units. */
    static List<String> columns(Latency latency) {
        return List.of(
                time(latency.percentiles().p50Us()),
                time(latency.percentiles().p90Us()),
                time(latency.percentiles().p99Us()),
                time(latency.percentiles().p999Us()),
                time(latency.percentiles().p9999Us()),
                time(latency.maxUs()),
                time(latency.meanUs()));
    }

    static final List<String> COLUMNS = List.of("p50", "p90", "p99", "p99.9", "p99.99", "max", "mean");

    /** Three digits or so, with the unit that suits. */
    static String time(double us) {
        if (us < US_A_MS) {
            return String.format(Locale.ROOT, "%.0f us", us);
        }
        if (us < US_A_SECOND) {
            return String.format(Locale.ROOT, us < 100 * US_A_MS ? "%.2f ms" : "%.0f ms", us / US_A_MS);
        }
        return String.format(Locale.ROOT, "%.2f s", us / US_A_SECOND);
    }

    static String rate(double perSecond) {
        return perSecond < 100 && perSecond != Math.rint(perSecond)
                ? String.format(Locale.ROOT, "%.1f", perSecond)
                : count(Math.round(perSecond));
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String plural(long count, String noun) {
        return count(count) + " " + Plural.noun(count, noun);
    }
}
