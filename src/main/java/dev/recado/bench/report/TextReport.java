package dev.recado.bench.report;

import dev.recado.bench.Interval;
import dev.recado.bench.Latency;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A result as a few lines for a person. */
public final class TextReport {

    private static final double MS_A_SECOND = 1e3;

    private TextReport() {}

    /** The whole result. */
    public static List<String> lines(LoadResult result) {
        List<String> lines = new ArrayList<>();
        LoadResult.Rates rates = result.measured().rates();
        LoadResult.Counts counts = result.measured().counts();
        lines.add(Figures.asked(result.plan()));
        lines.add(String.format(
                Locale.ROOT,
                "%.1f s behind a warm-up of %.1f s; the load generator kept %.2f cores busy",
                rates.seconds(),
                result.plan().timing().warmUpMs() / MS_A_SECOND,
                result.generator().cpuCores()));
        lines.add("");
        lines.add(row("", List.of("messages", "per second")));
        lines.add(row("sent", List.of(Figures.count(counts.sent()), Figures.rate(rates.sent()))));
        if (result.plan().isConfirmed()) {
            lines.add(row(
                    "confirmed",
                    List.of(Figures.count(counts.answers().confirmed()), Figures.rate(rates.confirmed()))));
        }
        lines.add(row("delivered", List.of(Figures.count(counts.delivered()), Figures.rate(rates.delivered()))));
        lines.add("");
        lines.add(row("latency", Figures.COLUMNS));
        latency(lines, "to confirm", result.measured().confirm());
        latency(lines, "to deliver", result.measured().deliver());
        lines.add("");
        lines.addAll(Figures.remarks(result));
        if (result.isVerified()) {
            lines.add("verify: " + (result.isGood() ? "good: " : "NOT GOOD: ") + Figures.verdict(result.verdict()));
            for (String sample : result.verdict().samples()) {
                lines.add("  " + sample);
            }
        }
        return lines;
    }

    private static void latency(List<String> lines, String name, Latency latency) {
        if (latency.count() > 0) {
            lines.add(row(name, Figures.columns(latency)));
        }
    }

    private static String row(String name, List<String> cells) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-11s", name));
        for (String cell : cells) {
            row.append(String.format(Locale.ROOT, "%12s", cell));
        }
        return row.toString().stripTrailing();
    }

    /** One stretch of the run, for following it. */
    public static String progress(LoadPlan plan, Interval interval) {
        double seconds = interval.lengthMs() / MS_A_SECOND;
        String line = String.format(
                Locale.ROOT,
                "%6.1f s  sent %s/s",
                (interval.fromMs() + interval.lengthMs()) / MS_A_SECOND,
                Figures.rate(interval.counts().sent() / seconds));
        if (plan.isConfirmed()) {
            line += "  confirmed " + Figures.rate(interval.counts().confirmed() / seconds) + "/s";
        }
        line += "  delivered " + Figures.rate(interval.counts().delivered() / seconds) + "/s";
        if (interval.confirm().maxUs() > 0) {
            line += "  confirm p99 " + Figures.time(interval.confirm().p99Us());
        }
        if (interval.deliver().maxUs() > 0) {
            line += "  deliver p99 " + Figures.time(interval.deliver().p99Us());
        }
        return line;
    }
}
