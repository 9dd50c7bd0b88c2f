package dev.recado.app;

import dev.recado.app.logging.OperationsLog;
import dev.recado.base.ExitCode;
import dev.recado.base.SettingException;
import dev.recado.config.Config;
import dev.recado.config.NodeConfig;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.NioDisk;
import dev.recado.journal.StorageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One run of the broker from the command line, from the lock on its data directory to its exit code. Owned by the main
 * thread, which waits here; signals arrive through the {@link StopSwitch}.
 */
final class BrokerProcess {

    /** How long an orderly stop may take. */
    static final long STOP_MS_MAX = 10_000;

    private final BrokerNode.Factory factory;
    private final StopSwitch stopSwitch;
    private final PrintStream out;
    private final PrintStream err;

    BrokerProcess(BrokerNode.Factory factory, StopSwitch stopSwitch, PrintStream out, PrintStream err) {
        this.factory = factory;
        this.stopSwitch = stopSwitch;
        this.out = out;
        this.err = err;
    }

    /** Runs until it is stopped or fails, and answers the exit code. */
    int run(Launch launch) {
        NodeConfig node = launch.config().node();
        List<String> refusals;
        try {
            refusals = refusals(launch);
        } catch (IOException e) {
            err.println(reason(e));
            return ExitCode.FAILED;
        }
        if (!refusals.isEmpty()) {
            refusals.forEach(err::println);
            return ExitCode.USAGE;
        }
        Disk disk = new NioDisk(node.dataDir(), new ErrnoProbe());
        try (DataDirectory directory = DataDirectory.open(disk, node.id(), null, UUID::randomUUID);
                OperationsLog log = OperationsLog.open(launch.config().log(), node.dataDir())) {
            createClassic(launch.classicFile());
            return runLocked(factory.create(launch, disk, directory), launch, log.lifecycle());
        } catch (IOException | StorageException | DamagedException e) {
            err.println(reason(e));
            return ExitCode.FAILED;
        }
    }

    /** Why nothing is begun: all that is wrong with what is asked for; nothing was touched yet. */
    private static List<String> refusals(Launch launch) throws IOException {
        Config config = launch.config();
        List<String> refusals = new ArrayList<>(OpenListeners.refusals(config));
        add(refusals, FileFailure.unfit(config.node().dataDir()));
        add(refusals, logRefusal(config));
        Path ports = launch.portsFile();
        if (ports != null) {
            add(refusals, PortsFile.refusal(ports));
        }
        Path classic = launch.classicFile();
        if (classic != null) {
            add(refusals, ClassicFiles.of(classic).refusal(config.message().bytesMax()));
        }
        return refusals;
    }

    /** The data directory has a line of its own, and is made where it is missing. */
    private static @Nullable String logRefusal(Config config) {
        Path dataDir = config.node().dataDir().toAbsolutePath().normalize();
        Path file = dataDir.resolve(config.log().file()).normalize();
        boolean inside = dataDir.equals(file.getParent()) && !Files.isDirectory(dataDir);
        if (config.log().file().isEmpty() || config.log().level().equals("off") || inside) {
            return null;
        }
        String unwritable = FileFailure.unwritable(file);
        return unwritable == null ? null : "log.file: " + file + " cannot be written: " + unwritable;
    }

    private static void add(List<String> refusals, @Nullable String refusal) {
        if (refusal != null) {
            refusals.add(refusal);
        }
    }

    private void createClassic(@Nullable Path file) throws IOException {
        if (file != null && ClassicFiles.of(file).create()) {
            err.println(
                    "classic file " + file + " did not exist: made, empty; the messages are written to it at the stop");
        }
    }

    private int runLocked(BrokerNode node, Launch launch, Logger log) throws IOException {
        int code;
        try {
            code = serve(launch, node, log);
        } catch (IOException e) {
            stop(node, log);
            throw e;
        }
        int stopped = stop(node, log);
        return code == ExitCode.DONE ? stopped : code;
    }

    private int serve(Launch launch, BrokerNode node, Logger log) throws IOException {
        CompletableFuture<List<BoundAddress>> starting = node.start().toCompletableFuture();
        CompletableFuture<Void> failed = node.failure().toCompletableFuture();
        Throwable failure = await(CompletableFuture.anyOf(starting, stopSwitch.requested(), failed));
        if (failure == null && starting.isDone()) {
            // A stop that was asked for has hidden a start that failed by now.
            failure = await(starting);
            if (failure == null) {
                announce(launch, node.io(), starting.join(), log);
                failure = await(CompletableFuture.anyOf(stopSwitch.requested(), failed));
            }
        }
        if (failure == null) {
            return ExitCode.DONE;
        }
        log.atError().setCause(failure).log("broker failed");
        err.println("recado failed: " + reason(failure));
        return failure instanceof SettingException ? ExitCode.USAGE : ExitCode.FAILED;
    }

    private void announce(Launch launch, String io, List<BoundAddress> listeners, Logger log) throws IOException {
        if (launch.portsFile() != null) {
            PortsFile.write(launch.portsFile(), listeners);
        }
        long ms = StartClock.sinceStartMs();
        StringBuilder line = new StringBuilder("recado ready in ")
                .append(ms)
                .append(" ms on ")
                .append(io);
        for (int i = 0; i < listeners.size(); i++) {
            line.append(i == 0 ? ": " : ", ").append(listeners.get(i));
        }
        out.println(line);
        out.flush();
        log.atInfo()
                .addKeyValue("ms", ms)
                .addKeyValue("io", io)
                .addKeyValue("listeners", listeners)
                .log("broker is ready");
    }

    private int stop(BrokerNode node, Logger log) {
        log.atInfo().log("broker stops");
        CompletableFuture<Void> stopping = node.stop().toCompletableFuture();
        try {
            stopping.get(STOP_MS_MAX, TimeUnit.MILLISECONDS);
            log.atInfo().log("broker stopped");
            return ExitCode.DONE;
        } catch (TimeoutException e) {
            return notStopped("did not stop within " + STOP_MS_MAX + " ms", null, log);
        } catch (ExecutionException e) {
            return notStopped(reason(e), e.getCause(), log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return notStopped("interrupted", null, log);
        }
    }

    private int notStopped(String reason, @Nullable Throwable cause, Logger log) {
        log.atError().setCause(cause).addKeyValue("reason", reason).log("broker did not stop in order");
        err.println("recado did not stop in order: " + reason);
        return ExitCode.FAILED;
    }

    /** Waits without a limit; null where it completed well. */
    private static @Nullable Throwable await(CompletableFuture<?> future) {
        try {
            future.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = FileFailure.text(cause);
        boolean isNews = cause instanceof DamagedException && !message.contains("recado repair");
        return isNews ? message + "; recado repair says what is lost, and changes nothing by itself" : message;
    }
}
