package dev.recado.cli;

import dev.recado.base.ErrorCode;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.CountConverter;
import dev.recado.cli.option.DurationConverter;
import dev.recado.client.RecadoClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado top}. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what a broker does: messages in and out, topics by their rate, groups by how long the oldest of"
                    + " their messages has waited, sessions by their rate; again and again until Ctrl-C.",
            "Where standard output is no terminal it shows one interval and ends, as with --once."
        })
final class TopCommand implements Callable<Integer> {

    private static final long INTERVAL_MS_MIN = 100;

    private final Terminal terminal;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How long to look before each picture (default: ${DEFAULT-VALUE}).")
    long intervalMs;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = CountConverter.class,
            description = "End after N pictures.")
    @Nullable
    Long count;

    @Option(names = "--once", description = "The same as --count 1.")
    boolean once;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            converter = CountConverter.class,
            description = "Topics, groups and sessions to show of each (default: ${DEFAULT-VALUE}).")
    long rows;

    /** What is known at one moment; {@code sessions} is null where the user may not see them. */
    private record Picture(
            NodeRates node,
            List<String> topics,
            List<String> groups,
            @Nullable List<String> sessions) {}

    TopCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Long wanted = count;
        long pictures = once ? 1 : wanted != null ? wanted : terminal.interactive() ? Long.MAX_VALUE : 1;
        CountDownLatch stopping = new CountDownLatch(1);
        terminal.onStop().accept(() -> {
            stopping.countDown();
            return ExitCode.DONE;
        });
        try (RecadoClient client = RecadoClient.connect(broker.client().failuresMax(1))) {
            List<String> before = client.admin().stats().join();
            long beforeNs = System.nanoTime();
            for (long shown = 0; shown < pictures; shown++) {
                if (stopping.await(Math.max(INTERVAL_MS_MIN, intervalMs), TimeUnit.MILLISECONDS)) {
                    break;
                }
                List<String> now = client.admin().stats().join();
                long nowNs = System.nanoTime();
                show(take(client, new NodeRates(before, now, (nowNs - beforeNs) / 1e9)), pictures > 1);
                before = now;
                beforeNs = nowNs;
            }
        }
        return ExitCode.DONE;
    }

    private Picture take(RecadoClient client, NodeRates node) {
        Overview overview = Overview.of(client, List.of());
        List<String> sessions;
        try {
            sessions = byRate(Connected.sessions(client), "publish-rate", "deliver-rate");
        } catch (CompletionException e) {
            if (RecadoClient.unwrap(e).code() != ErrorCode.NOT_AUTHORIZED) {
                throw e;
            }
            sessions = null;
        }
        return new Picture(node, byRate(overview.topics(), "rate"), first(overview.lags()), sessions);
    }

    private List<String> first(List<String> all) {
        return all.subList(0, (int) Math.min(rows, all.size()));
    }

    /** The ones with the highest sum of these rates, of equal ones in the order that they have. */
    private List<String> byRate(List<String> all, String... rates) {
        record Rated(String json, double rate) {}
        List<Rated> rated = new ArrayList<>();
        for (String json : all) {
            Map<String, String> fields = Json.fields(json);
            double sum = 0;
            for (String rate : rates) {
                sum += Double.parseDouble(fields.getOrDefault(rate, "0"));
            }
            rated.add(new Rated(json, sum));
        }
        rated.sort(Comparator.comparingDouble(Rated::rate).reversed());
        return first(rated.stream().map(Rated::json).toList());
    }

    private void show(Picture picture, boolean again) {
        terminal.println(output.isJson() ? json(picture) : text(picture, again));
    }

    private static String json(Picture picture) {
        List<String> sessions = picture.sessions();
        return Json.object(out -> {
            out.writeNumberField("time", System.currentTimeMillis());
            Json.writeRaw(out, "node", picture.node().json());
            Json.writeRaw(out, "topics", picture.topics());
            Json.writeRaw(out, "groups", picture.groups());
            if (sessions == null) {
                out.writeNullField("sessions");
            } else {
                Json.writeRaw(out, "sessions", sessions);
            }
        });
    }

    private String text(Picture picture, boolean again) {
        long nowMs = System.currentTimeMillis();
        List<String> lines = new ArrayList<>();
        lines.add(Instant.ofEpochMilli(nowMs).truncatedTo(ChronoUnit.SECONDS).toString());
        lines.addAll(picture.node().lines());
        addTable(
                lines,
                new Table(
                        picture.topics(),
                        new Table.Column("name", "TOPIC", name -> name),
                        new Table.Column("rate", "RATE/S", rate -> rate),
                        new Table.Column("kept", "MESSAGES", number -> number),
                        new Table.Column("backlog"),
                        new Table.Column("groups"),
                        new Table.Column("partitions")));
        addTable(lines, new Table(picture.groups(), LagCommand.columns(nowMs)));
        List<String> sessions = picture.sessions();
        if (sessions == null) {
            lines.add("");
            lines.add("sessions are shown to users who may configure");
        } else {
            addTable(lines, new Table(sessions, Connected.columns(nowMs)));
        }
        String before = again && terminal.interactive() ? LagCommand.CLEAR_SCREEN : "";
        return before + String.join("\n", lines) + (again && !terminal.interactive() ? "\n" : "");
    }

    private static void addTable(List<String> lines, Table table) {
        List<String> rows = table.lines();
        if (!rows.isEmpty()) {
            lines.add("");
            lines.addAll(rows);
        }
    }
}
