package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.bench.Interval;
import dev.recado.bench.LoadException;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadResult;
import dev.recado.bench.LoadRun;
import dev.recado.bench.LoadTransport;
import dev.recado.bench.report.HtmlReport;
import dev.recado.bench.report.JsonReport;
import dev.recado.bench.report.TextReport;
import dev.recado.file.PartialFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
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
        LoadTransport transport = options.spoken();
        Path page = report;
        PartialFile part = page == null ? null : part(page);
        try {
            LoadRun run = new LoadRun(plan, transport, interval -> onProgress(plan, interval));
            terminal.onStop().accept(() -> {
                run.end();
                endAfter(run.endLimitMs());
                return -1;
            });
            LoadResult result = run.run();
            print(result);
            if (page != null && part != null) {
                writeReport(page, part, result);
            }
            if (result.ending().unreachable()) {
                return ExitCode.UNREACHABLE;
            }
            return result.isGood() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (ReportException e) {
            terminal.err().println("recado bench: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (IOException e) {
            String why = e instanceof UnknownHostException ? "unknown host" : String.valueOf(e.getMessage());
            terminal.err().println("recado bench: cannot reach " + plan.setup().endpoints() + ": " + why);
            return ExitCode.UNREACHABLE;
        } catch (LoadException e) {
            terminal.err().println("recado bench: " + e.getMessage());
            return ExitCode.FAILED;
        } finally {
            if (part != null) {
                part.close();
            }
        }
    }

    /** The page cannot be written. */
    private static final class ReportException extends IOException {
        private static final long serialVersionUID = 1;

        ReportException(Path page, IOException cause) {
            super("cannot write --report " + page + ": " + reason(cause), cause);
        }

        private static String reason(IOException cause) {
            return cause instanceof NoSuchFileException
                    ? "no such directory"
                    : cause instanceof AccessDeniedException ? "permission denied" : String.valueOf(cause.getMessage());
        }
    }

    /**
     * The file that becomes the page at the end, beside it, so that an older page stays until then. A path
     * that cannot be written is told before the run, not behind it.
     */
    private PartialFile part(Path page) {
        if (Files.isDirectory(page) || page.getFileName() == null) {
            throw usage("cannot write --report " + page + ": it is a directory");
        }
        try {
            if (Files.exists(page) && !isReport(page)) {
                throw usage("--report " + page + " is not a report of recado bench and stays as it is: name another");
            }
            return new PartialFile(page);
        } catch (IOException e) {
            throw usage(String.valueOf(new ReportException(page, e).getMessage()));
        }
    }

    private static boolean isReport(Path page) throws IOException {
        String begin = HtmlReport.begin();
        try (InputStream in = Files.newInputStream(page)) {
            String there = new String(in.readNBytes(begin.length()), StandardCharsets.UTF_8);
            return there.isEmpty() || there.equals(begin);
        }
    }

    /** The last resort where something blocks that cannot be told to end. */
    private void endAfter(long limitMs) {
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        Thread thread = new Thread(
                () -> {
                    for (long left = limitMs; left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                        LockSupport.parkNanos(this, left * 1_000_000);
                    }
                    terminal.err().println("recado bench: did not come to its end within " + limitMs + " ms");
                    Runtime.getRuntime().halt(ExitCode.FAILED);
                },
                "bench-end");
        thread.setDaemon(true);
        thread.start();
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
                    .filter(line -> result.ending().failure() != null
                            && line.contains(result.ending().failure()))
                    .forEach(terminal.err()::println);
        } else {
            TextReport.lines(result).forEach(terminal::println);
        }
    }

    private void writeReport(Path page, PartialFile part, LoadResult result) throws ReportException {
        try {
            part.revealUnsynced(page, HtmlReport.page(result));
        } catch (IOException e) {
            throw new ReportException(page, e);
        }
        terminal.err().println("report: " + page);
    }

    private void onProgress(LoadPlan plan, Interval interval) {
        Interval before = untold;
        Interval both = before == null ? interval : before.and(interval);
        sinceToldMs += interval.lengthMs();
        untold = both;
        if (sinceToldMs >= PROGRESS_MS) {
            sinceToldMs = 0;
            untold = null;
            if (progress || terminal.interactive()) {
                terminal.err().println(TextReport.progress(plan, both));
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
