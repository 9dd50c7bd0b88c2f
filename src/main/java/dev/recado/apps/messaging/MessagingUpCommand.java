package dev.recado.apps.messaging;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.Stop;
import dev.recado.apps.messaging.up.UpPlan;
import dev.recado.apps.messaging.up.UpRun;
import dev.recado.apps.process.FreePorts;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado messaging up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Everything on this machine, each part a process of its own: the broker, the reference"
                + " server, servers and bots. A part that dies is started again. Ctrl-C stops all. With"
                + " --frontend, --backend, --xsub and --xpub it runs on other middleware, such as libzmq's proxies,"
                + " and starts no broker.")
final class MessagingUpCommand implements Callable<Integer> {

    private static final int SERVERS_MAX = 20;
    private static final int BOTS_MAX = 100;

    private final Consumer<Runnable> onStop;

    @Mixin
    MessagingOptions options = new MessagingOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "messaging",
            description = "Below it each part has its folder (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("");

    @Option(
            names = "--free-ports",
            description = "Listen on free ports; else on 5555 to 5558 and 8080 (broker), 5570 (reference server), and"
                    + " from 5571 on (servers).")
    boolean freePorts;

    @Option(
            names = "--ports-file",
            paramLabel = "FILE",
            description = "Write the ports there as JSON once the servers have their ranks, by rename.")
    @Nullable
    Path portsFile;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many servers (default: ${DEFAULT-VALUE}).")
    int servers;

    @Option(
            names = "--bots",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many bots (default: ${DEFAULT-VALUE}).")
    int bots;

    @Option(
            names = "--bot-interval",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "1s",
            description = "From one message of a bot to its next (default: ${DEFAULT-VALUE}).")
    long botIntervalMs;

    @Option(names = "--frontend", paramLabel = "ENDPOINT", converter = EndpointConverter.class)
    @Nullable
    String frontend;

    @Option(names = "--backend", paramLabel = "ENDPOINT", converter = EndpointConverter.class)
    @Nullable
    String backend;

    @Option(names = "--xsub", paramLabel = "ENDPOINT", converter = EndpointConverter.class)
    @Nullable
    String xsub;

    @Option(
            names = "--xpub",
            paramLabel = "ENDPOINT",
            converter = EndpointConverter.class,
            description = "These four: where the middleware is.")
    @Nullable
    String xpub;

    MessagingUpCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.check(servers >= 1 && servers <= SERVERS_MAX, "--servers takes 1 to " + SERVERS_MAX);
        options.check(bots >= 0 && bots <= BOTS_MAX, "--bots takes 0 to " + BOTS_MAX);
        UpPlan.Middleware outside = outside();
        List<String> keys = UpPlan.portKeys(servers, outside == null);
        UpPlan plan = new UpPlan(
                data,
                servers,
                bots,
                botIntervalMs + "ms",
                outside,
                freePorts ? FreePorts.pick(keys) : UpPlan.usualPorts(keys));
        PrintWriter out = options.out();
        boolean done = new UpRun(plan, portsFile, Stop.of(onStop), line -> {
                    synchronized (out) {
                        out.println(line);
                        out.flush();
                    }
                })
                .run();
        return done ? ExitCode.DONE : ExitCode.FAILED;
    }

    private UpPlan.@Nullable Middleware outside() {
        long given = Stream.<@Nullable String>of(frontend, backend, xsub, xpub)
                .filter(one -> one != null)
                .count();
        options.check(given == 0 || given == 4, "--frontend, --backend, --xsub and --xpub go together");
        return frontend == null || backend == null || xsub == null || xpub == null
                ? null
                : new UpPlan.Middleware(frontend, backend, xsub, xpub);
    }
}
