package dev.recado.bench.report;

import dev.recado.bench.Interval;
import dev.recado.bench.Latency;
import dev.recado.bench.LoadResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A result as one HTML file that loads nothing: the style, the plotting library and the data stand in it. Every figure
 * is also text, so that the page can be read without scripts.
 */
public final class HtmlReport {

    private static final String LIBRARY_HOME = "/META-INF/resources/webjars/uplot/1.6.30/";
    private static final String LIBRARY = LIBRARY_HOME + "dist/";
    private static final String CONFIRM_PLOT =
            "<figure><figcaption>Publish to confirm over time</figcaption><div id=\"confirm\"></div></figure>\n";

    private HtmlReport() {}

    /** What every page begins with, by which one is known. */
    public static String begin() {
        String page = resource("report.html");
        return page.substring(0, page.indexOf("@style@"));
    }

    /** The page. */
    public static String page(LoadResult result) {
        return resource("report.html")
                .replace("@style@", resource(LIBRARY + "uPlot.min.css") + resource("report.css"))
                .replace("@when@", Instant.ofEpochMilli(result.startedAtMs()).toString())
                .replace("@asked@", escape(Figures.asked(result.plan())))
                .replace("@state@", result.isGood() ? "good" : "bad")
                .replace("@cards@", cards(result))
                .replace("@verdict@", verdict(result))
                .replace("@latencies@", latencies(result))
                .replace("@remarks@", remarks(result))
                .replace("@options@", options(result))
                .replace("@broker@", broker(result.broker()))
                .replace("@stretches@", stretches(result))
                .replace("@confirmPlot@", result.plan().isConfirmed() ? CONFIRM_PLOT : "")
                // These two last: what is put in must not be searched for the names above.
                .replace("@library@", notice() + resource(LIBRARY + "uPlot.iife.min.js") + "\n" + resource("report.js"))
                .replace("@data@", JsonReport.full(result).replace("<", "\\u003c"));
    }

    /** The plotting library's licence asks to stand in every copy of it. */
    private static String notice() {
        return "/*! uPlot " + resource(LIBRARY_HOME + "LICENSE").replace("*/", "* /") + "*/\n";
    }

    private static String cards(LoadResult result) {
        LoadResult.Rates rates = result.measured().rates();
        StringBuilder cards = new StringBuilder();
        boolean confirmed = result.plan().isConfirmed();
        if (confirmed) {
            card(cards, "confirmed", Figures.rate(rates.confirmed()), "messages a second");
        } else {
            card(cards, "sent", Figures.rate(rates.sent()), "messages a second");
        }
        card(cards, "delivered", Figures.rate(rates.delivered()), "messages a second");
        if (confirmed) {
            card(
                    cards,
                    "to confirm",
                    Figures.time(result.measured().confirm().percentiles().p50Us()),
                    tail(result.measured().confirm()));
        }
        card(
                cards,
                "to deliver",
                Figures.time(result.measured().deliver().percentiles().p50Us()),
                tail(result.measured().deliver()));
        return cards.toString();
    }

    private static String tail(Latency latency) {
        return "median; p99 " + Figures.time(latency.percentiles().p99Us()) + ", max " + Figures.time(latency.maxUs());
    }

    private static void card(StringBuilder out, String name, String value, String note) {
        out.append("<div class=\"card\"><h2>").append(name).append("</h2><p class=\"value\">");
        out.append(escape(value)).append("</p><p>").append(escape(note)).append("</p></div>\n");
    }

    private static String verdict(LoadResult result) {
        if (!result.isVerified()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<section class=\"verdict\"><h2>Verified: ");
        out.append(result.isGood() ? "good" : "not good").append("</h2><p>");
        out.append(escape(Figures.verdict(result.verdict()))).append("</p>");
        result.verdict()
                .samples()
                .forEach(sample -> out.append("<p>").append(escape(sample)).append("</p>"));
        return out.append("</section>").toString();
    }

    private static String latencies(LoadResult result) {
        StringBuilder out = new StringBuilder();
        boolean open = result.plan().publishing().isOpenLoop();
        row(out, "th", open ? "from the intended time" : "from the moment of sending", Figures.COLUMNS);
        if (result.plan().isConfirmed()) {
            row(out, "td", "to confirm", Figures.columns(result.measured().confirm()));
        }
        row(out, "td", "to deliver", Figures.columns(result.measured().deliver()));
        return out.toString();
    }

    private static String remarks(LoadResult result) {
        StringBuilder out = new StringBuilder();
        LoadResult.Counts counts = result.measured().counts();
        item(
                out,
                "sent " + Figures.count(counts.sent())
                        + (result.plan().isConfirmed()
                                ? ", confirmed "
                                        + Figures.count(counts.answers().confirmed())
                                : "")
                        + ", delivered " + Figures.count(counts.delivered()));
        item(
                out,
                String.format(
                        Locale.ROOT,
                        "the load generator kept %.2f cores busy",
                        result.generator().cpuCores()));
        Figures.remarks(result).forEach(remark -> item(out, remark));
        return out.toString();
    }

    private static void item(StringBuilder out, String text) {
        out.append("<li>").append(escape(text)).append("</li>\n");
    }

    private static String options(LoadResult result) {
        StringBuilder out = new StringBuilder();
        var plan = result.plan();
        pair(out, "broker", plan.setup().endpoints().publishers().toString());
        pair(out, "transport", plan.setup().transport());
        pair(out, "confirm", plan.publishing().confirm().name());
        if (plan.topics().isNamed()) {
            pair(out, "topic", plan.topics().name() + " × " + plan.topics().count());
            pair(out, "partitions", Integer.toString(plan.topics().partitions()));
            pair(out, "numbered", plan.isNumbered() ? "yes" : "no");
            pair(
                    out,
                    "acknowledge",
                    plan.consuming().tap() ? "tap" : plan.consuming().ack().name());
            pair(out, "credit", Integer.toString(plan.consuming().credit()));
        } else {
            pair(out, "consumed from", plan.setup().endpoints().consumers().toString());
            pair(out, "sockets", plan.consuming().tap() ? "publish and subscribe" : "push and pull");
        }
        pair(out, "warm-up", plan.timing().warmUpMs() + " ms");
        pair(out, "duration", plan.timing().durationMs() + " ms");
        pair(out, "threads", Integer.toString(plan.setup().threads()));
        return out.toString();
    }

    private static String broker(Map<String, String> figures) {
        StringBuilder out = new StringBuilder();
        figures.forEach((name, value) -> pair(out, name, value));
        return out.toString();
    }

    private static void pair(StringBuilder out, String name, String value) {
        row(out, "td", name, List.of(value));
    }

    private static String stretches(LoadResult result) {
        boolean confirmed = result.plan().isConfirmed();
        StringBuilder out = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("sent/s"));
        if (confirmed) {
            head.add("confirmed/s");
        }
        head.add("delivered/s");
        if (confirmed) {
            head.addAll(List.of("confirm p50", "p99", "max"));
        }
        head.addAll(List.of("deliver p50", "p99", "max"));
        row(out, "th", "from", head);
        for (Interval interval : result.measured().intervals()) {
            row(out, "td", String.format(Locale.ROOT, "%.1f s", interval.fromMs() / 1e3), stretch(interval, confirmed));
        }
        return out.toString();
    }

    private static List<String> stretch(Interval interval, boolean confirmed) {
        double seconds = interval.lengthMs() / 1e3;
        List<String> cells =
                new ArrayList<>(List.of(Figures.rate(interval.counts().sent() / seconds)));
        if (confirmed) {
            cells.add(Figures.rate(interval.counts().confirmed() / seconds));
        }
        cells.add(Figures.rate(interval.counts().delivered() / seconds));
        if (confirmed) {
            cells.addAll(times(interval.confirm()));
        }
        cells.addAll(times(interval.deliver()));
        return cells;
    }

    private static List<String> times(Interval.Span span) {
        return List.of(Figures.time(span.p50Us()), Figures.time(span.p99Us()), Figures.time(span.maxUs()));
    }

    private static void row(StringBuilder out, String cell, String name, List<String> values) {
        out.append("<tr><th>").append(escape(name)).append("</th>");
        for (String value : values) {
            out.append('<')
                    .append(cell)
                    .append('>')
                    .append(escape(value))
                    .append("</")
                    .append(cell)
                    .append('>');
        }
        out.append("</tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the JAR: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
