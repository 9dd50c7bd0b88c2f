package dev.recado.apps.coffee;

import com.rabbitmq.client.Connection;
import dev.recado.apps.Stop;
import dev.recado.apps.coffee.node.AmqpLoop;
import dev.recado.apps.coffee.up.Board;
import dev.recado.apps.coffee.up.ShopPlan;
import dev.recado.apps.coffee.up.ShopRun;
import dev.recado.apps.process.FreePorts;
import dev.recado.base.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado coffee up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Everything on this machine, each part a process of its own: the broker, the gateway, workers of"
                + " every stage, aggregators of every query, and monitors, which start again what dies. Shows how all"
                + " are; Ctrl-C stops all. The monitors take their settings from the environment, such as"
                + " CHECK_INTERVAL.")
final class CoffeeUpCommand implements Callable<Integer> {

    private static final int WORKERS_MAX = 50;
    private static final int MONITORS_MAX = 9;

    private final Consumer<Runnable> onStop;
    private final BooleanSupplier isTerminal;

    @Mixin
    CoffeeOptions options = new CoffeeOptions();

    @Mixin
    SessionOptions sessions = new SessionOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "coffee",
            description = "Below it each part has its folder; run/ has what they print (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("");

    @Option(
            names = "--free-ports",
            description = "Listen on free ports; else on 9000 (gateway), 5672 and 8080 (broker), 9997 to 9999"
                    + " (monitors), and from 8888 on (health checks).")
    boolean freePorts;

    @Option(
            names = "--ports-file",
            paramLabel = "FILE",
            description = "Write the ports there as JSON once all parts answer, by rename.")
    @Nullable
    Path portsFile;

    @Option(
            names = "--amqp",
            paramLabel = "URI",
            defaultValue = "${env:COFFEE_AMQP:-" + Option.NULL_VALUE + "}",
            description = "Use this broker, such as amqp://guest:guest@127.0.0.1:5672, and start none; or the variable"
                    + " COFFEE_AMQP.")
    @Nullable
    String amqp;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many workers each stage has (default: ${DEFAULT-VALUE}).")
    int workers;

    @Option(
            names = "--monitors",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many monitors (default: ${DEFAULT-VALUE}).")
    int monitors;

    /** {@code isTerminal} tells whether a person looks at standard output. */
    CoffeeUpCommand(Consumer<Runnable> onStop, BooleanSupplier isTerminal) {
        this.onStop = onStop;
        this.isTerminal = isTerminal;
    }

    @Override
    public Integer call() throws IOException {
        options.check(workers >= 1 && workers <= WORKERS_MAX, "--workers takes 1 to " + WORKERS_MAX);
        options.check(monitors >= 1 && monitors <= MONITORS_MAX, "--monitors takes 1 to " + MONITORS_MAX);
        sessions.check(options);
        options.query();
        Stop stop = Stop.of(onStop);
        if (amqp != null && !isThere(amqp, stop)) {
            return ExitCode.UNREACHABLE;
        }
        ShopPlan.Counts counts = new ShopPlan.Counts(workers, options.topology().aggregators(), monitors);
        List<String> keys = ShopPlan.portKeys(counts, amqp == null);
        ShopPlan plan = new ShopPlan(
                data.toAbsolutePath().normalize(),
                amqp,
                counts,
                options.arguments(),
                sessions.arguments(),
                freePorts ? FreePorts.pick(keys) : ShopPlan.usualPorts(counts, keys));
        new ShopRun(plan, portsFile, stop, new Board(options.out(), isTerminal.getAsBoolean())).run();
        return ExitCode.DONE;
    }

    /** The nodes would try for ever to reach a broker that was named wrongly. */
    private boolean isThere(String uri, Stop stop) {
        AmqpLoop broker;
        try {
            broker = new AmqpLoop(uri, "coffee up", stop);
        } catch (IllegalArgumentException e) {
            options.check(false, "--amqp: " + e.getMessage());
            return false;
        }
        try (Connection connection = broker.connect()) {
            return connection.isOpen();
        } catch (IOException | TimeoutException e) {
            options.err().println("no broker at " + broker.broker() + ": " + e.getMessage());
            return false;
        }
    }
}
