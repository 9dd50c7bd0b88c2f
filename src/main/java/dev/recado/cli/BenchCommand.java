package dev.recado.cli;

import dev.recado.bench.Interval;
import dev.recado.bench.LoadException;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadResult;
import dev.recado.bench.LoadRun;
import dev.recado.bench.LoadTransport;
import dev.recado.bench.report.HtmlReport;
import dev.recado.bench.report.JsonReport;
import dev.recado.bench.report.TextReport;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado bench}: makes load, measures it and, if told, verifies what arrives. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes load on a broker and measures it. With --rate in an open loop: latency counts from the moment at"
                    + " which a message was to be sent, however late it left. Without, in a closed loop.",
            "With --verify it checks that nothing confirmed is lost, stored twice, out of order or made up;"
                    + " with --resume also while the broker is killed and started again."
        })
final class BenchCommand implements Callable<Integer> {

    private static final long PROGRESS_MS = 1_000;

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    BenchOptions options = new BenchOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write an HTML page with plots; it needs no network.")
    @Nullable
    Path report;

    @Option(names = "--progress", description = "Tell every second how it goes, also where nobody watches.")
    boolean progress;

    private long sinceToldMs;
    private @Nullable Interval untold;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        LoadPlan plan = plan();
        LoadTransport transport = LoadRun.transports().stream()
                .filter(known -> known.name().equals(plan.transport()))
                .findFirst()
                .orElseThrow(() -> usage("unknown --transport " + plan.transport()));
        Path page = report;
        if (page != null) {
            // A path that cannot be written is told before the run, not behind it.
            Files.writeString(page, "");
        }
        LoadRun run = new LoadRun(plan, transport, this::onProgress);
        terminal.onStop().accept(() -> {
            run.end();
            return -1;
        });
        LoadResult result;
        try {
            result = run.run();
        } catch (ConnectException e) {
            terminal.err().println("recado bench: cannot reach " + plan.broker() + ": " + e.getMessage());
            return RecadoCli.UNREACHABLE;
        } catch (LoadException e) {
            terminal.err().println("recado bench: " + e.getMessage());
            return RecadoCli.FAILED;
        }
        print(result);
        if (page != null) {
            writeReport(page, result);
        }
        if (result.unreachable()) {
            return RecadoCli.UNREACHABLE;
        }
        return result.isGood() ? RecadoCli.DONE : RecadoCli.FAILED;
    }

    private LoadPlan plan() {
        try {
            return options.plan();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private void print(LoadResult result) {
        if (output.isJson()) {
            terminal.println(JsonReport.full(result));
            TextReport.lines(result).stream()
                    .filter(line -> result.failure() != null && line.contains(result.failure()))
                    .forEach(terminal.err()::println);
        } else {
            TextReport.lines(result).forEach(terminal::println);
        }
    }

    private void writeReport(Path page, LoadResult result) throws IOException {
        Files.writeString(page, HtmlReport.page(result));
        terminal.err().println("report: " + page);
    }

    private void onProgress(Interval interval) {
        Interval before = untold;
        Interval both = before == null ? interval : before.and(interval);
        sinceToldMs += interval.lengthMs();
        untold = both;
        if (sinceToldMs >= PROGRESS_MS) {
            sinceToldMs = 0;
            untold = null;
            if (progress || terminal.interactive()) {
                terminal.err().println(TextReport.progress(both));
            }
        }
    }

    private ParameterException usage(String text) {
        CommandSpec command = spec;
        if (command == null) {
            throw new IllegalArgumentException(text);
        }
        return new ParameterException(command.commandLine(), text);
    }
}
