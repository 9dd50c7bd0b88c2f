package dev.recado.apps.coffee;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.client.CoffeeClient;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado coffee client}. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "Sends the files of a directory to a gateway and writes the answers of the four queries to"
                + " DIR/session_<id>/.")
final class CoffeeClientCommand implements Callable<Integer> {

    private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");
    private static final int BATCH_ROWS_MAX = 20_000;

    private final Consumer<Runnable> onStop;
    private final BooleanSupplier isTerminal;

    @Spec
    @Nullable
    CommandSpec command;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9000",
            description = "Where the gateway listens (default: ${DEFAULT-VALUE}).")
    String gateway = "";

    @Option(names = "--input", paramLabel = "DIR", required = true, description = "Where the five files are.")
    Path input = Path.of("");

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "results",
            description = "Below which the answers go (default: ${DEFAULT-VALUE}).")
    Path results = Path.of("");

    @Option(names = "--session", paramLabel = "ID", description = "Go on with a session that another process began.")
    @Nullable
    UUID session;

    @Option(
            names = "--batch-rows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Rows of one batch, 1 to 20000, fewer where they take 1 MiB (default: ${DEFAULT-VALUE}).")
    int batchRows;

    @Option(
            names = "--reconnect-for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "60s",
            description = "How long to try again where the gateway is gone (default: ${DEFAULT-VALUE}).")
    long reconnectMs;

    /** {@code isTerminal} tells whether a person looks at standard output. */
    CoffeeClientCommand(Consumer<Runnable> onStop, BooleanSupplier isTerminal) {
        this.onStop = onStop;
        this.isTerminal = isTerminal;
    }

    @Override
    public Integer call() throws IOException {
        CommandLine line = Objects.requireNonNull(command, "picocli fills it before the command runs")
                .commandLine();
        Matcher address = ADDRESS.matcher(gateway);
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65_535) {
            throw new ParameterException(line, "--gateway takes an address such as 127.0.0.1:9000");
        }
        if (batchRows < 1 || batchRows > BATCH_ROWS_MAX) {
            throw new ParameterException(line, "--batch-rows takes 1 to " + BATCH_ROWS_MAX);
        }
        UUID id = session == null ? UUID.randomUUID() : session;
        CoffeeClient.Plan plan = new CoffeeClient.Plan(
                new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))),
                id,
                session != null,
                input,
                results,
                batchRows,
                reconnectMs);
        ProgressLine progress = new ProgressLine(line.getErr(), isTerminal.getAsBoolean());
        CoffeeClient client = new CoffeeClient(plan, Stop.of(onStop), progress::show);
        line.getErr().println("session " + id);
        try {
            boolean isComplete = client.run();
            progress.end();
            line.getOut().println("answers in " + client.directory() + " complete=" + isComplete);
            return ExitCode.DONE;
        } catch (ConnectException e) {
            progress.end();
            line.getErr().println("no gateway at " + gateway + ": " + e.getMessage());
            return ExitCode.UNREACHABLE;
        } finally {
            progress.end();
        }
    }
}
