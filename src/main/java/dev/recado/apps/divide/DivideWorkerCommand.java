package dev.recado.apps.divide;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLinks;
import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado example divide worker}. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "Pulls tasks, filters their images into another folder, and reports each result to the sink. "
                + "A result gets its name once it is complete: the image's own, with .png behind it where "
                + "its format cannot "
                + "be written. An image that cannot be read is reported and does not end the worker; an end does. "
                + "Reports are frames of text: done, batch, path, worker, bytes, ms; or failed, batch, path, "
                + "worker, reason. "
                + "Tasks that a worker was given and had not begun are lost when it is killed: ZeroMQ "
                + "resends nothing.")
final class DivideWorkerCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Mixin
    FilterOptions filtering = new FilterOptions();

    @Option(
            names = "--from",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5560",
            converter = EndpointConverter.class,
            description = "Where the broker gives out tasks (default: ${DEFAULT-VALUE}).")
    String from = "";

    @Option(
            names = "--results",
            paramLabel = "ENDPOINT",
            defaultValue = DivideCommand.RESULTS,
            converter = EndpointConverter.class,
            description = "Where the sink listens; none where there is no sink (default: ${DEFAULT-VALUE}).")
    String results = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "How the sink calls this worker (default: worker-<process id>).")
    @Nullable
    String name;

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "0",
            description = "Stop when no task came for so long (default: never).")
    long idleExitMs;

    DivideWorkerCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(idleExitMs);
        options.checkEndpoint("--from", from);
        ImageFiles files = new ImageFiles(filtering.target(), filtering.filter, ImageFiles.pixelsMax(1));
        Stop stop = Stop.of(onStop);
        String called = Objects.requireNonNullElseGet(
                name, () -> "worker-" + ProcessHandle.current().pid());
        Worker worker = new Worker(called, files, idleExitMs);
        try (ZmqLinks links = options.links(stop)) {
            worker.run(links, from, results, stop, () -> options.err().println(called + " waits for tasks"));
        }
        options.out().println(called + ": done " + worker.done() + ", failed " + worker.failed());
        return worker.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
}
