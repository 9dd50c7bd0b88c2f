package dev.recado.apps.divide;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado example divide local}. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        description = "Master, workers and sink in one process, for a first try; the tasks go through the broker. "
                + "Exit code 0 where every image is done, 1 where one failed or is missing.")
final class DivideLocalCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Mixin
    FilterOptions filtering = new FilterOptions();

    @Parameters(paramLabel = "DIRECTORY", description = "The folder of images.")
    @Nullable
    Path directory;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many workers, 1 to " + DivideCommand.WORKERS_MAX + " (default: ${DEFAULT-VALUE}).")
    int workers;

    @Option(
            names = "--push",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5559",
            converter = EndpointConverter.class,
            description = "Where the broker takes tasks (default: ${DEFAULT-VALUE}).")
    String push = "";

    @Option(
            names = "--pull",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5560",
            converter = EndpointConverter.class,
            description = "Where the broker gives out tasks (default: ${DEFAULT-VALUE}).")
    String pull = "";

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = DivideCommand.IDLE_EXIT,
            description = "Give up when no result came for so long; 0 waits for ever (default: ${DEFAULT-VALUE}).")
    long idleExitMs;

    DivideLocalCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(idleExitMs);
        options.check(
                workers >= 1 && workers <= DivideCommand.WORKERS_MAX,
                "--workers takes 1 to " + DivideCommand.WORKERS_MAX);
        boolean hasNone = push.equals(EndpointConverter.NONE) || pull.equals(EndpointConverter.NONE);
        options.check(!hasNone, "--push and --pull need endpoints");
        ImageFolder images = DivideCommand.images(options, Objects.requireNonNull(directory, "picocli requires it"));
        Stop stop = Stop.of(onStop);
        LocalRun.Plan plan =
                new LocalRun.Plan(images, filtering.target(), filtering.filter, workers, push, pull, idleExitMs);
        LocalRun run = new LocalRun(plan, options, stop);
        return DivideCommand.tell(options, run.sink(), run.run());
    }
}
