package dev.recado.apps.monitor;

import dev.recado.apps.Stop;
import dev.recado.apps.monitor.SupervisedNode.Address;
import dev.recado.apps.process.Revivals;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado monitor}. */
@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Looks after nodes together with other monitors: one of them leads, and starts those again that no"
                        + " longer answer. Ends with Ctrl-C; the nodes go on.")
public final class MonitorCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final long END_S = 10;

    private final Consumer<Runnable> onStop;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--id",
            paramLabel = "N",
            defaultValue = "${env:MONITOR_ID}",
            description = "Which of the monitors this is, from 1 on; the highest that lives leads" + " (MONITOR_ID).")
    @Nullable
    Integer id;

    @Option(
            names = "--monitors",
            paramLabel = "ID=HOST:PORT",
            split = ",",
            defaultValue = "${env:MONITORS}",
            description = "All monitors, this one too: 1=127.0.0.1:9999,2=127.0.0.1:9998 (MONITORS; default: this one"
                    + " alone, at 127.0.0.1:9999).")
    @Nullable
    Map<Integer, String> monitors;

    @Option(
            names = "--nodes",
            paramLabel = "FILE",
            description = "What to look after: JSON, as the page on monitors says. All monitors of a machine read the"
                    + " same file; the lock of who acts lies beside it.")
    @Nullable
    Path nodes;

    @Option(
            names = "--containers",
            paramLabel = "LABEL",
            arity = "0..1",
            fallbackValue = "role=node",
            description = "Look after the containers with this label as well, and start them by 'docker start'"
                    + " (without LABEL: role=node).")
    @Nullable
    String containers;

    @Option(
            names = "--container-health-port",
            paramLabel = "PORT",
            defaultValue = "8888",
            description = "Where containers answer health checks (default: ${DEFAULT-VALUE}).")
    int containerHealthPort;

    @Option(
            names = "--docker",
            paramLabel = "PROGRAM",
            defaultValue = "docker",
            description = "What is called for containers (default: ${DEFAULT-VALUE}).")
    String docker = "";

    @Option(
            names = "--health",
            paramLabel = "HOST:PORT",
            description = "Answer health checks there, so that this monitor can be a node of the others.")
    @Nullable
    String health;

    @Option(
            names = "--states",
            paramLabel = "FILE",
            description = "The monitor that acts writes there what it knows of each node, as JSON, when that changes.")
    @Nullable
    Path states;

    @Option(
            names = "--check-interval",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "${env:CHECK_INTERVAL:-5s}",
            description = "From one health check to the next (CHECK_INTERVAL; default: 5s).")
    long checkIntervalMs;

    @Option(
            names = "--check-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "${env:CHECK_TIMEOUT:-2s}",
            description = "How long an answer may take (CHECK_TIMEOUT; default: 2s).")
    long checkTimeoutMs;

    @Option(
            names = "--max-failed-attempts",
            paramLabel = "N",
            defaultValue = "${env:MAX_FAILED_ATTEMPTS:-3}",
            description =
                    "So many checks without an answer mean that a node is down (MAX_FAILED_ATTEMPTS; default: 3).")
    int maxFailedAttempts;

    @Option(
            names = "--leader-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "${env:LEADER_TIMEOUT:-5s}",
            description = "Without a heartbeat for so long the leader is taken for dead (LEADER_TIMEOUT; default: 5s).")
    long leaderTimeoutMs;

    @Option(
            names = "--heartbeat",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "${env:HEARTBEAT_INTERVAL:-1s}",
            description = "Between two heartbeats of the leader (HEARTBEAT_INTERVAL; default: 1s).")
    long heartbeatMs;

    @Option(
            names = "--revival-attempts",
            paramLabel = "N",
            defaultValue = "${env:MAX_REVIVAL_ATTEMPTS:-5}",
            description = "How often a node is started before it is given up (MAX_REVIVAL_ATTEMPTS; default: 5).")
    int revivalAttempts;

    @Option(
            names = "--revival-back-off",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "${env:REVIVAL_BACK_OFF:-1s}",
            description = "From the first attempt to the second, at least; doubles each time up to a minute"
                    + " (REVIVAL_BACK_OFF; default: 1s).")
    long revivalBackOffMs;

    @Option(
            names = "--forget-after",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "1m",
            description = "A node that is up for so long is as one that never died (default: ${DEFAULT-VALUE}).")
    long forgetMs;

    /** {@code onStop} takes what to do when the process is asked to end. */
    public MonitorCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        int own = checkedId();
        Map<Integer, Address> all = addresses(own);
        checkTimes();
        Path file = nodes;
        Containers runtime = new Containers(docker);
        Monitor.Nodes found = () -> {
            List<SupervisedNode> list = new ArrayList<>(file == null ? List.of() : NodeFile.read(file, runtime));
            if (containers != null) {
                list.addAll(runtime.labelled(containers, containerHealthPort));
            }
            return list;
        };
        check(file != null || containers != null, "there is nothing to look after: --nodes FILE or --containers");
        Path lock = file == null
                ? Path.of(System.getProperty("java.io.tmpdir"), "recado-monitor.lock")
                : file.toAbsolutePath().resolveSibling(file.getFileName() + ".lock");
        Monitor.Settings settings = new Monitor.Settings(
                own,
                all,
                new Bully.Times(heartbeatMs, leaderTimeoutMs, Math.max(1, leaderTimeoutMs / 2)),
                new HealthJudge.Times(checkIntervalMs, checkTimeoutMs, maxFailedAttempts),
                new Revivals.Limits(revivalAttempts, revivalBackOffMs, forgetMs),
                new Monitor.Shared(lock, states),
                Monitor.LOOK_AGAIN_MS);
        Stop stop = Stop.of(onStop);
        try (HealthAnswer answer = answer()) {
            run(settings, found, stop, answer);
        }
        return ExitCode.DONE;
    }

    private void run(Monitor.Settings settings, Monitor.Nodes found, Stop stop, @Nullable HealthAnswer answer)
            throws IOException {
        PrintWriter out = commandOut();
        Consumer<String> log = text -> {
            out.println(TIME.format(Instant.now()) + " monitor " + settings.id() + ": " + text);
            out.flush();
        };
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4));
        try {
            if (answer != null) {
                log.accept("answers health checks at port " + answer.port());
            }
            Monitor monitor = new Monitor(vertx, settings, found, log);
            await(monitor.start(Objects.requireNonNull(settings.monitors().get(settings.id()))));
            stop.within(Long.MAX_VALUE);
            await(monitor.close());
            log.accept("ends, the nodes go on");
        } finally {
            await(vertx.close());
        }
    }

    private @Nullable HealthAnswer answer() throws IOException {
        if (health == null) {
            return null;
        }
        Address address = address(health);
        return HealthAnswer.start(address.host(), address.port());
    }

    private static void await(Future<Void> future) throws IOException {
        try {
            future.toCompletionStage().toCompletableFuture().get(END_S, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            @Nullable Throwable cause = failed.getCause();
            throw cause instanceof IOException known ? known : new IOException(String.valueOf(cause), cause);
        } catch (TimeoutException late) {
            throw new IOException("not done within " + END_S + " s", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int checkedId() {
        Integer own = id;
        check(own != null && own >= 1 && own <= MonitorMessage.ID_MAX, "--id (or MONITOR_ID) is a number from 1 on");
        return Objects.requireNonNull(own);
    }

    private Map<Integer, Address> addresses(int own) {
        Map<Integer, Address> all = new TreeMap<>();
        if (monitors == null || monitors.isEmpty()) {
            all.put(own, new Address("127.0.0.1", 9_999));
            return all;
        }
        monitors.forEach((number, where) -> all.put(number, address(where)));
        check(all.containsKey(own), "--monitors does not name the one of --id, " + own);
        return all;
    }

    private void checkTimes() {
        check(maxFailedAttempts >= 1, "--max-failed-attempts is 1 or more");
        check(revivalAttempts >= 1, "--revival-attempts is 1 or more");
        check(checkTimeoutMs > 0 && checkTimeoutMs < checkIntervalMs, "--check-timeout is less than --check-interval");
        check(heartbeatMs > 0 && heartbeatMs * 2 <= leaderTimeoutMs, "--leader-timeout is two --heartbeat or more");
        check(revivalBackOffMs >= 0 && forgetMs >= 0, "times start at 0");
    }

    private Address address(String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(commandSpec().commandLine(), wrong.getMessage(), wrong);
        }
    }

    private void check(boolean condition, String wrong) {
        if (!condition) {
            throw new ParameterException(commandSpec().commandLine(), wrong);
        }
    }

    private PrintWriter commandOut() {
        return commandSpec().commandLine().getOut();
    }

    private CommandSpec commandSpec() {
        return Objects.requireNonNull(spec, "picocli fills it before the command runs");
    }
}
