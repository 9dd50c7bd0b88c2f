package dev.recado.apps.divide;

import dev.recado.apps.EndpointConverter;
import dev.recado.apps.ExampleOptions;
import dev.recado.apps.Stop;
import dev.recado.apps.ZmqLinks;
import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
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

/** {@code recado example divide master}. */
@Command(
        name = "master",
        mixinStandardHelpOptions = true,
        description = "Pushes one task per image of a folder, in the order of their names, then one end per worker. "
                + "A task has two frames of text, the image's absolute path and the id of this run; an end "
                + "is one empty "
                + "frame. Tasks that no worker takes wait in the broker and, when it is full, here. Start "
                + "the workers first: "
                + "the pipeline deals tasks out in turn to those that are connected. "
                + "Images are recognised by their names: png, jpg, jpeg, gif, bmp, wbmp, tif, tiff.")
final class DivideMasterCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Parameters(paramLabel = "DIRECTORY", description = "The folder of images.")
    @Nullable
    Path directory;

    @Option(
            names = "--to",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5559",
            converter = EndpointConverter.class,
            description = "Where the broker takes tasks (default: ${DEFAULT-VALUE}).")
    String to = "";

    @Option(
            names = "--results",
            paramLabel = "ENDPOINT",
            defaultValue = DivideCommand.RESULTS,
            converter = EndpointConverter.class,
            description = "Where the sink listens, which is told how many results to expect; none where there is no"
                    + " sink (default: ${DEFAULT-VALUE}).")
    String results = "";

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many ends to send, 0 to " + DivideCommand.WORKERS_MAX + " (default: ${DEFAULT-VALUE}).")
    int workers;

    DivideMasterCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(workers);
        options.checkEndpoint("--to", to);
        options.check(workers <= DivideCommand.WORKERS_MAX, "--workers takes at most " + DivideCommand.WORKERS_MAX);
        ImageFolder images = DivideCommand.images(options, Objects.requireNonNull(directory, "picocli requires it"));
        Stop stop = Stop.of(onStop);
        Master master = new Master(images, workers);
        boolean sent;
        try (ZmqLinks links = options.links(stop)) {
            sent = master.run(links, to, results);
        }
        int tasks = images.names().size();
        if (!sent) {
            options.err()
                    .println("stopped after " + master.tasksSent() + " of " + Plural.of(tasks, "task")
                            + "; the last ones may not have left");
            return ExitCode.FAILED;
        }
        options.out().println("sent " + Plural.of(tasks, "task") + " and " + Plural.of(workers, "end"));
        return ExitCode.DONE;
    }
}
